"""Alt text: what a picture says, in words, for people who can't see it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import assert_never

from bot.domain.aggregation import Crowd
from bot.domain.outcomes import OPTION, VALUE, Outcome
from bot.domain.types import Kind, Values
from bot.ui import text
from bot.ui.charts.data import CalibrationBin, CalibrationChart, Chart, ChartSubject, HistoryChart, ProfileChart, SpreadChart
from bot.ui.charts.lettering import tidy

MAX_ALT = 1024
HIDDEN = "The crowd is hidden until you forecast"
NOBODY = "No forecasts yet"
_STATEMENT = 160


def alt_of(chart: Chart) -> str:
    """What a picture of this chart says."""
    match chart:
        case HistoryChart():
            return history_alt(chart)
        case SpreadChart():
            return spread_alt(chart)
        case CalibrationChart():
            return calibration_alt(chart)
        case ProfileChart():
            return profile_alt(chart)
        case _:
            assert_never(chart)


def history_alt(chart: HistoryChart) -> str:
    """Crowd from 34% on 3 Jan 2026 to 61% on 21 Nov 2026, 14 members; middle half between 48% and 70%; you: 80%."""
    subject, until = chart.subject, ends_at(chart)
    steps = [step for step in chart.crowd or () if step.at <= until]
    said: list[str] = []
    if chart.crowd is None:
        said.append(HIDDEN)
    elif not any(step.crowd for step in steps):
        said.append(NOBODY)
    else:
        first = next(step for step in steps if step.crowd)
        last = next(step for step in reversed(steps) if step.crowd)
        assert first.crowd is not None
        assert last.crowd is not None
        then, now = _short(subject, first.crowd.values), _short(subject, last.crowd.values)
        ended = until if last is steps[-1] else last.at
        moved = f"Crowd {now} since {_day(first.at, chart.zone)}"
        if then != now:
            moved = f"Crowd from {then} on {_day(first.at, chart.zone)} to {now} on {_day(ended, chart.zone)}"
        said += [f"{moved}, {text.count(last.crowd.members, 'member')}", *_middle_half(subject, last.crowd)]
    by_experience = [step.values for step in chart.experienced if step.at <= until]
    if by_experience and by_experience[-1]:
        said.append(f"experienced crowd {_short(subject, by_experience[-1])}")
    own = [step for step in chart.own if step.at <= until]
    if own:
        standing = own[-1].values
        said.append(f"you: {_short(subject, standing)}" if standing else "you: withdrawn")
        before = next((step.values for step in own if step.values), None)
        if before and standing and before != standing:
            said[-1] += f", at first {_short(subject, before)}"
    if chart.author:
        said.append(f"the author: {_short(subject, chart.author)}")
    if chart.outcome is not None:
        on = f" on {_day(chart.resolved_at, chart.zone)}" if chart.resolved_at else ""
        said.append(f"result{on}: {outcome_text(subject, chart.outcome)}")
    return _sentence(f"History of {_about(subject)}", said)


def spread_alt(chart: SpreadChart) -> str:
    """How many forecasts there are, where their middle half and their ends lie, and where the reader's is."""
    subject, said = chart.subject, [HIDDEN]
    if chart.spread is not None:
        crowd, said = chart.spread.crowd, [NOBODY]
        if crowd is not None:
            said = [f"{text.count(crowd.members, 'forecast')}, crowd {_short(subject, crowd.values)}"]
            said += _middle_half(subject, crowd)
            if chart.spread.forecasts and subject.kind is not Kind.MULTIPLE_CHOICE:
                middles = [values[len(values) // 2] for values in chart.spread.forecasts]
                low, high = (value_of(subject, value) for value in (min(middles), max(middles)))
                said.append(f"lowest {low}, highest {high}")
    if chart.own:
        said.append(f"you: {_short(subject, chart.own)}")
    if chart.author:
        said.append(f"the author: {_short(subject, chart.author)}")
    return _sentence(f"Current forecasts of {_about(subject)}", said)


def calibration_alt(chart: CalibrationChart) -> str:
    """How much of what was given about 70% came true, bin by bin, and whether that could be chance."""
    title = f"Calibration of {_name(chart.name)}, {tidy(chart.period)}"
    if not chart.bins:
        return _sentence(title, ["No resolved predictions yet"])
    within = sum(bin_.is_within for bin_ in chart.bins)
    said = [f"{within} of {text.count(len(chart.bins), 'bin')} within the 90% band", *_error(chart.error)]
    return _sentence(title, said + [_bin_words(bin_) for bin_ in chart.bins])


def profile_alt(chart: ProfileChart) -> str:
    """A member's record: rank, scores with their direction, calibration, best and worst call."""
    said = [f"{text.count(chart.resolved, 'prediction')} resolved"]
    if chart.rank is not None:
        said.append(f"rank {chart.rank:,} of {chart.ranked:,}")
    if chart.peer is not None:
        said.append(f"peer score {signed(chart.peer)}, higher is better")
    if chart.baseline is not None:
        said.append(f"baseline score {signed(chart.baseline)}, higher is better")
    if chart.brier is not None:
        said.append(f"Brier score {chart.brier:.3f}, lower is better")
    if chart.coverage is not None:
        said.append(f"coverage {rounded(chart.coverage)}")
    if chart.best is not None:
        said.append(f"best call #{chart.best.code} {text.cut(tidy(chart.best.statement), 80)} {signed(chart.best.peer)}")
    if chart.worst is not None:
        said.append(f"worst call #{chart.worst.code} {text.cut(tidy(chart.worst.statement), 80)} {signed(chart.worst.peer)}")
    if chart.bins:
        within = sum(bin_.is_within for bin_ in chart.bins)
        said.append(f"calibration: {within} of {text.count(len(chart.bins), 'bin')} within the 90% band")
        said += [_bin_words(bin_) for bin_ in chart.bins]
    return _sentence(f"Record of {_name(chart.name)}, {tidy(chart.period)}", said)


def ends_at(chart: HistoryChart) -> datetime:
    """Where the history ends: now, at the close or at the result, whichever is first."""
    return min(moment for moment in (chart.now, chart.closes_at, chart.resolved_at) if moment is not None)


def value_of(subject: ChartSubject, value: float) -> str:
    """One number on an axis or next to a line: 61%, 1,250.5, 1 Mar 2027."""
    return (
        text.percent(value) if subject.kind.is_distribution else text.single_text(subject.kind, brief(subject.kind, value))
    )


def axis_of(subject: ChartSubject) -> str:
    """What the values on an axis are."""
    match subject.kind:
        case Kind.BINARY:
            return "How likely it is"
        case Kind.MULTIPLE_CHOICE:
            return "How likely each option is"
        case Kind.NUMERIC:
            return subject.unit or "The number"
        case Kind.DATE:
            return "The day it happens"


def brief(kind: Kind, value: float) -> float:
    """A quantity in four significant digits: a median of medians has more than anyone meant."""
    return float(f"{value:.4g}") if kind is Kind.NUMERIC else value


def outcome_text(subject: ChartSubject, outcome: Outcome) -> str:
    """What happened: yes, an option's name, 12 USD, 1 Mar 2027, annulled."""
    if outcome.word == OPTION and outcome.value is not None and outcome.value < len(subject.options):
        return text.cut(tidy(subject.options[int(outcome.value)]), 80)
    if outcome.word == VALUE and outcome.value is not None:
        unit = f" {text.cut(tidy(subject.unit), 40)}" if subject.unit and subject.kind is Kind.NUMERIC else ""
        return value_of(subject, outcome.value) + unit
    return outcome.word


def signed(score: float) -> str:
    """A score with its sign: +12.3, −4.0. Zero has none."""
    shown = f"{abs(score):,.1f}"
    return shown if float(shown.replace(",", "")) == 0 else ("+" if score > 0 else "−") + shown


def rounded(share: float) -> str:
    """A share in whole percent."""
    return f"{100 * share:.0f}%"


def _about(subject: ChartSubject) -> str:
    statement = text.cut(tidy(subject.statement), _STATEMENT)
    return f"#{subject.code} {statement}".rstrip()


def _name(name: str) -> str:
    return text.cut(tidy(name), 80) or "a member"


def _short(subject: ChartSubject, values: Values) -> str:
    options = tuple(tidy(name) for name in subject.options)
    unit = tidy(subject.unit) if subject.unit else None
    values = tuple(brief(subject.kind, value) for value in values)
    return text.value_text(subject.kind, values, options=options, unit=unit, is_markdown=False)


def _middle_half(subject: ChartSubject, crowd: Crowd) -> list[str]:
    if crowd.members < 3:
        return []
    if subject.kind is Kind.MULTIPLE_CHOICE:
        top = max(range(len(crowd.values)), key=lambda at: crowd.values[at])
        low, high = (value_of(subject, values[top]) for values in (crowd.lower, crowd.upper))
        return [f"middle half of {text.cut(tidy(subject.options[top]), 40)} between {low} and {high}"]
    at = len(crowd.values) // 2
    low, high = value_of(subject, crowd.lower[at]), value_of(subject, crowd.upper[at])
    return [f"middle half between {low} and {high}"]


def _error(error: float | None) -> list[str]:
    return [] if error is None else [f"expected calibration error {100 * error:.1f} points"]


def _bin_words(bin_: CalibrationBin) -> str:
    outside = "" if bin_.is_within else " (outside the band)"
    return f"of {bin_.count:,} given about {rounded(bin_.forecast)}, {rounded(bin_.observed)} came true{outside}"


def _day(moment: datetime, zone: tzinfo) -> str:
    return text.day(moment.astimezone(zone).date())


def _sentence(title: str, said: Sequence[str]) -> str:
    return text.cut(f"{title}. {'; '.join(said)}.", MAX_ALT)
