"""A member's record, calibration in words, and the reader's own current forecasts."""

from __future__ import annotations

import re
from typing import Any

import discord
from discord import ui

from bot.domain.calibration import Calibration
from bot.domain.errors import Refused
from bot.domain.seasons import ALL_TIME, Season, read_season
from bot.services.scoring.calibrations import LEAST_EVENTS, CalibrationSubject, CalibrationView, ForecasterKind
from bot.services.scoring.profiles import Profile, StandingForecast, StandingPage
from bot.ui import text
from bot.ui.cards import parts
from bot.ui.cards.charts import bins_of, gallery
from bot.ui.cards.predictions.card import prediction_option
from bot.ui.charts import words
from bot.ui.charts.data import CalibrationBin, CalibrationChart, Picture, ProfileChart
from bot.ui.items import button, select

MAX_TAG = 40
_EXPLAINED = (
    "-# Peer: how much better than the others who forecast the same. Baseline: how much better than knowing nothing. "
    "Brier: the squared error. Coverage: how much of the time there was a forecast."
)
_OF = re.compile(r"([mca])([0-9]{0,19})(?:@([\w ]{1,10}))?(?:\|(.*))?", re.DOTALL)


def profile_card(found: Profile, chart: ProfileChart, picture: Picture | None) -> tuple[ui.LayoutView, discord.File | None]:
    """A member's record. For themselves, also their current forecasts and where they differ most from the crowd."""
    shown, file = gallery(picture, chart)
    who = "Your record" if found.is_own else f"{text.plain_line(found.name, 80)}'s record"
    body: list[ui.Item[Any]] = [ui.TextDisplay(f"### {who}"), shown, ui.TextDisplay(_EXPLAINED)]
    if not found.resolved:
        file = None
        nothing = f"None of the predictions {'you' if found.is_own else 'they'} forecast has a result yet."
        body = [ui.TextDisplay(f"### {who}\n{nothing}")]
    if found.is_own:
        body.append(ui.TextDisplay("\n".join(_standing_lines(found))))
    of = encode(found.calibration.of, ALL_TIME, None)
    return parts.layout(
        *body,
        parts.row(
            button("Calibration", "calibration.show", of),
            button("Current forecasts", "profile.standing", 0) if found.standing else None,
            button("All my forecasts", "list.mine") if found.is_own and (found.standing or found.resolved) else None,
            button("Forecast ▸", "next.go", style="primary") if found.is_own else None,
        ),
    ), file


def standing_card(page: StandingPage) -> ui.LayoutView:
    """The reader's own current forecasts on open predictions, furthest from the crowd first."""
    lines = [f"### Your current forecasts · {text.count(page.total, 'open prediction')}"]
    if page.total:
        lines.append("-# Furthest from the crowd first. Only you can see this.")
    else:
        lines.append("You have none. `/next` takes you through what's open.")
    body: list[ui.Item[Any]] = [ui.TextDisplay("\n".join([*lines, *(_standing_line(line) for line in page.lines)]))]
    if page.lines:
        options = [prediction_option(line.view) for line in page.lines]
        body.append(parts.row(select("card.pick", "", options, placeholder="Open one…")))
    last = page.pages - 1
    body.append(
        parts.row(
            *(
                (
                    button("◂ Back", "profile.standing", page.number - 1, off=page.number == 0),
                    button(f"Page {page.number + 1} of {page.pages}", "list.here", off=True),
                    button("More ▸", "profile.standing", page.number + 1, off=page.number == last),
                )
                if page.pages > 1
                else ()
            ),
            button("Profile", "profile.show"),
        )
    )
    return parts.layout(*body)


def calibration_card(
    found: CalibrationView, chart: CalibrationChart, picture: Picture | None
) -> tuple[ui.LayoutView, discord.File | None]:
    """Calibration as a picture and in words; with too little data, how much is missing."""
    title = "Your calibration" if found.is_own else f"Calibration of {_name(found)}"
    season = None if found.season == ALL_TIME else str(found.season)
    narrowed = [f"tag {text.plain_line(found.tag, 60)}" if found.tag else None, season]
    heading = " · ".join([f"### {title}", *filter(None, narrowed)])
    other, mine = CalibrationSubject(ForecasterKind.CROWD), CalibrationSubject(ForecasterKind.MEMBER)
    row = parts.row(
        None if found.of == other else button("The crowd's", "calibration.show", encode(other, found.season, found.tag)),
        None if found.is_own else button("Mine", "calibration.show", encode(mine, found.season, found.tag)),
        button("All tags", "calibration.show", encode(found.of, found.season, None)) if found.tag else None,
        button("Profile", "profile.show") if found.is_own else None,
    )
    rows: list[ui.Item[Any]] = [row]
    if found.seasons:
        options = parts.season_options(found.season, found.seasons)
        encoded = encode(found.of, ALL_TIME, found.tag)
        rows.insert(0, parts.row(select("calibration.season", encoded, options, placeholder="Another season…")))
    if found.calibration is None:
        return parts.layout(ui.TextDisplay(f"{heading}\n{_missing(found)}"), *rows), None
    shown, file = gallery(picture, chart)
    error, *said = _in_words(found, found.calibration)
    return parts.layout(
        ui.TextDisplay(f"{heading}\n{error}"),
        shown,
        ui.TextDisplay("\n".join(said)),
        ui.TextDisplay(_parts(found.calibration)),
        *rows,
    ), file


def encode(of: CalibrationSubject, season: Season, tag: str | None) -> str:
    """Whose calibration, for which season and tag, as a button's argument. Without an id, a member is whoever clicks."""
    of_when = "" if season == ALL_TIME else f"@{season}"
    return f"{of.whose[0]}{of.id or ''}{of_when}" + (f"|{tag[:MAX_TAG]}" if tag else "")


def decode(argument: str, *, user_id: int) -> tuple[CalibrationSubject, Season, str | None]:
    """What `encode` made. Refuses anything our buttons never carry."""
    found = _OF.fullmatch(argument)
    number = int(found[2] or 0) if found is not None else 0
    if found is None or (found[1] == "a" and not found[2]) or number >= 2**63:
        raise Refused("This button is from another version of the bot. Use /calibration to see what there is.")
    whose = {word[0]: word for word in ForecasterKind}[found[1]]
    of = CalibrationSubject(whose, {ForecasterKind.CROWD: 0, ForecasterKind.MEMBER: number or user_id}.get(whose, number))
    return of, read_season(found[3] or ""), found[4] or None


def _standing_lines(found: Profile) -> list[str]:
    if not found.standing:
        return ["You have no forecasts on open predictions."]
    lines = [f"**{text.count(found.standing, 'forecast')} on open predictions** · only you can see this part"]
    if found.furthest:
        lines += ["You differ most from the crowd on", *(_standing_line(line) for line in found.furthest)]
    return lines


def _standing_line(line: StandingForecast) -> str:
    view = line.view
    assert view.own is not None
    own = text.value_text(view.kind, view.own.values, options=view.options, unit=view.unit, limit=1)
    crowd = "nobody else yet"
    if view.crowd is not None and view.crowd.members > 1:
        shown = text.value_text(view.kind, view.crowd.values, options=view.options, unit=view.unit, limit=1)
        crowd = f"crowd {shown}"
    return (
        f"**#{view.code}** {text.plain_line(view.statement, 100)}\n-# you {own} · {crowd} · {text.by_date(view.resolves_at)}"
    )


def _name(found: CalibrationView) -> str:
    match found.of.whose:
        case ForecasterKind.CROWD:
            return "the crowd"
        case ForecasterKind.AUTHOR:
            return f"{text.plain_line(found.name, 80)}, as stated in the document"
        case ForecasterKind.MEMBER:
            return text.plain_line(found.name, 80)


def _missing(found: CalibrationView) -> str:
    whose = "Your" if found.is_own else "This"
    name = "The crowd" if found.of.whose is ForecasterKind.CROWD else text.plain_line(found.name, 80)
    has = "You have" if found.is_own else f"{name} has"
    return (
        f"{whose} chart appears after {LEAST_EVENTS} resolved forecasts. {has} **{found.events}**.\n"
        "-# Yes-or-no predictions count once, multiple choice once per option. Numbers and dates don't count."
    )


def _in_words(found: CalibrationView, calibration: Calibration) -> list[str]:
    who = (
        "you" if found.is_own else "the crowd" if found.of.whose is ForecasterKind.CROWD else text.plain_line(found.name, 80)
    )
    bins = bins_of(calibration)
    within = sum(bin_.is_within for bin_ in bins)
    counts = calibration.counts.tolist()
    tens = [number for number, count in enumerate(counts) if count]
    lines = [f"- {_range(ten)}: {_happened(bin_)}" for ten, bin_ in zip(tens, bins, strict=True)]
    if within == len(bins):
        verdict = "Chance alone could explain the difference."
    else:
        verdict = f"Chance alone could explain {within} of {text.count(len(bins), 'bin')}; the others are marked."
    error = f"{100 * calibration.expected_error:.1f} points"
    return [
        f"**{error} off on average** over {text.count(calibration.events, 'forecast')} · {verdict}",
        f"When {who} said …, it happened …",
        *lines,
    ]


def _range(ten: int) -> str:
    return f"{10 * ten}–{10 * (ten + 1)}%"


def _happened(bin_: CalibrationBin) -> str:
    off = "" if bin_.is_within else " · said too low" if bin_.observed > bin_.upper else " · said too high"
    return f"**{words.rounded(bin_.observed)}** of the time ({text.count(bin_.count, 'forecast')}){off}"


def _parts(calibration: Calibration) -> str:
    within = calibration.within_variance - calibration.within_covariance
    return (
        f"-# **Reliability {calibration.reliability:.3f}**: how far the numbers were from what happened; lower is better. "
        f"**Resolution {calibration.resolution:.3f}**: how well they told apart what happens and what doesn't; higher is better. "
        f"**Uncertainty {calibration.uncertainty:.3f}**: how hard it all was to call, for anyone. "
        f"Brier score {calibration.brier:.3f} = reliability − resolution + uncertainty"
        + (f" {'+' if within >= 0 else '−'} {abs(within):.3f} within the bins." if abs(within) >= 0.0005 else ".")
    )
