"""Pictures: they say what they show, they show nothing that is hidden, and everybody can read them."""

from __future__ import annotations

import io
import itertools
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matplotlib.image import imread

from bot.domain.aggregation import Crowd, Floats, crowd_of
from bot.domain.outcomes import Outcome
from bot.domain.times import day_number
from bot.domain.types import Kind, Values
from bot.ui import palette
from bot.ui.charts import scales, style, words
from bot.ui.charts.canvas import Canvas, readable, spread_out, width_of, wrapped
from bot.ui.charts.data import (
    CalibrationBin,
    CalibrationChart,
    Chart,
    ChartedCall,
    ChartSubject,
    CrowdStep,
    ForecastSpread,
    HistoryChart,
    OwnStep,
    ProfileChart,
    SpreadChart,
)
from bot.ui.charts.history import thinned
from bot.ui.charts.lettering import drawable, tidy
from bot.ui.charts.pictures import draw
from tests.properties import examples

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
OPTIONS = ("OpenAI", "Google", "Anthropic", "DeepSeek", "xAI", "Meta", "Mistral", "someone else")
BINARY = ChartSubject(42, "GPT-6 is released", Kind.BINARY)
CHOICE = ChartSubject(7, "Which lab leads?", Kind.MULTIPLE_CHOICE, OPTIONS)
NUMERIC = ChartSubject(9, "The highest score", Kind.NUMERIC, unit="points")
DATE = ChartSubject(11, "When is it released?", Kind.DATE)
KINDS = (BINARY, CHOICE, NUMERIC, DATE)
HOSTILE = [
    "",
    "$x^2$ and $\\frac{1}{0}$ and $",
    "two\nlines\r\nand\ttabs\x00\x1b[31m",
    "Z" + "\u0300\u0301\u0302\u0303" * 200 + "algo",
    "\u202eright to left\u202c \u200b\u2066hidden\u2069",
    "السلام عليكم, שלום",
    "日本の首相は誰ですか",
    "👩‍👩‍👧‍👦🔥🏳️‍🌈",
    "\ud800 lone \udfff surrogates",
    "x" * 2000,
    "\u0300" * 50,
    "\\",
    "_^{}%&#~",
]


def day(number: float) -> datetime:
    """So many days before now."""
    return NOW - timedelta(days=number)


def forecast(subject: ChartSubject, seed: int) -> Values:
    source = np.random.default_rng(seed)
    match subject.kind:
        case Kind.BINARY:
            return (float(source.uniform()),)
        case Kind.MULTIPLE_CHOICE:
            return tuple(float(share) for share in source.dirichlet(np.ones(len(subject.options))))
        case kind:
            middle = day_number(NOW.date()) if kind is Kind.DATE else 50.0
            low, half, high = sorted(source.uniform(0, 40, 3))
            return (float(middle + low), float(middle + half), float(middle + high))


def crowd(subject: ChartSubject, *seeds: int) -> Crowd:
    found = crowd_of(subject.kind, np.array([forecast(subject, seed) for seed in seeds]))
    assert found is not None
    return found


def history(subject: ChartSubject = BINARY, **given: Any) -> HistoryChart:
    values: dict[str, Any] = {"crowd": (), "own": (), "author": None, "closes_at": None, "now": NOW, "zone": UTC}
    return HistoryChart(subject, **(values | given))


def full_history(subject: ChartSubject = BINARY, steps: int = 30) -> HistoryChart:
    """With all that a history can have."""
    return history(
        subject,
        crowd=tuple(
            CrowdStep(day(steps - number), crowd(subject, *range(max(0, number - 10), number + 1)))
            for number in range(steps)
        ),
        own=(OwnStep(day(20), forecast(subject, 1)), OwnStep(day(9), None), OwnStep(day(8), forecast(subject, 2))),
        author=forecast(subject, 3),
    )


def spread(subject: ChartSubject = BINARY, members: int = 20) -> SpreadChart:
    forecasts = tuple(forecast(subject, seed) for seed in range(members))
    return SpreadChart(subject, ForecastSpread(forecasts, crowd(subject, *range(members))), forecasts[0], forecasts[1])


def calibration(count: int = 10) -> CalibrationChart:
    bins = tuple(
        CalibrationBin((n + 0.5) / count, (n + 0.4) / count, 5 + n, n / count, (n + 1) / count) for n in range(count)
    )
    return CalibrationChart("Ann", "2026", bins, 0.041)


def profile() -> ProfileChart:
    best, worst = ChartedCall(12, "GPT-6 is released", 88.1), ChartedCall(31, "Nobody passes the test", -120.4)
    return ProfileChart("Ann", "2026", 37, 3, 25, 12.34, -145.2, 0.1421, 0.64, calibration().bins, best, worst)


CHARTS: dict[str, Chart] = {
    **{f"history of {subject.kind}": full_history(subject) for subject in KINDS},
    **{f"hidden history of {subject.kind}": replace(full_history(subject), crowd=None) for subject in KINDS},
    **{f"spread of {subject.kind}": spread(subject) for subject in KINDS},
    **{f"hidden spread of {subject.kind}": replace(spread(subject), spread=None) for subject in KINDS},
    **{f"empty history of {subject.kind}": history(subject) for subject in KINDS},
    **{f"empty spread of {subject.kind}": SpreadChart(subject, ForecastSpread((), None), None, None) for subject in KINDS},
    "history of an instant": history(crowd=(CrowdStep(NOW, crowd(BINARY, 1)),), own=(OwnStep(NOW, (0.5,)),)),
    "history that all withdrew from": history(crowd=(CrowdStep(day(3), crowd(BINARY, 1)), CrowdStep(day(1), None))),
    "history before it began": history(crowd=(CrowdStep(NOW + timedelta(1), crowd(BINARY, 1)),)),
    "long history": full_history(steps=10_000),
    "resolved history": replace(full_history(), outcome=Outcome("no"), resolved_at=day(2)),
    "annulled history": replace(full_history(DATE), outcome=Outcome("annulled"), resolved_at=day(2)),
    "resolved choice": replace(full_history(CHOICE), outcome=Outcome("option", 1.0), resolved_at=day(2)),
    "25 options": full_history(replace(CHOICE, options=tuple(f"option number {n}" for n in range(25)))),
    "spread of 25 options": spread(replace(CHOICE, options=tuple(f"option number {n}" for n in range(25)))),
    "two options": full_history(replace(CHOICE, options=("one", "two"))),
    "calibration": calibration(),
    "empty calibration": CalibrationChart("Ann", "2026", ()),
    "profile": profile(),
    "empty profile": ProfileChart("Ann", "2026", 0),
}


def pixels(png: bytes) -> Any:
    return imread(io.BytesIO(png), format="png")


@pytest.mark.parametrize("name", CHARTS)
def test_every_picture_is_a_png_of_one_size_that_is_quick_to_load_and_has_alt_text(name: str) -> None:
    picture = draw(CHARTS[name])
    assert pixels(picture.png).shape[1] == style.WIDTH
    assert pixels(picture.png).shape[0] in (style.HEIGHT, style.TALL)
    assert len(picture.png) <= 200_000
    assert 20 <= len(picture.alt) <= words.MAX_ALT
    assert picture.filename.endswith(".png")


@pytest.mark.parametrize("name", ["history of binary", "spread of multiple_choice", "profile"])
def test_the_same_chart_gives_the_same_bytes(name: str) -> None:
    assert draw(CHARTS[name]) == draw(CHARTS[name])


@pytest.mark.parametrize("subject", KINDS, ids=lambda subject: subject.kind)
def test_pictures_differ_where_what_they_show_differs(subject: ChartSubject) -> None:
    chart, other = full_history(subject), spread(subject)
    assert len({draw(shown).png for shown in (chart, replace(chart, own=()), replace(chart, crowd=None))}) == 3
    assert len({draw(shown).png for shown in (other, replace(other, own=None), replace(other, spread=None))}) == 3


def amount(png: bytes, colour: str) -> int:
    """How many pixels of the plot have this colour; the title and the legend do not count."""
    wanted = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return int((np.abs(pixels(png)[165:, :, :3] - wanted).max(axis=2) < 0.01).sum())


# Lines of a multiple choice's history have the colours of its options.
@pytest.mark.parametrize(
    "name",
    [
        f"{sort} of {subject.kind}"
        for sort in ("history", "spread")
        for subject in KINDS
        if (sort, subject) != ("history", CHOICE)
    ],
)
def test_the_reader_the_author_and_the_crowd_have_their_marks(name: str) -> None:
    chart = CHARTS[name]
    assert isinstance(chart, HistoryChart | SpreadChart)
    hidden = replace(chart, crowd=None) if isinstance(chart, HistoryChart) else replace(chart, spread=None)
    for colour, without in (
        (palette.OWN, replace(chart, own=None if isinstance(chart, SpreadChart) else ())),
        (palette.AUTHOR, replace(chart, author=None)),
        (palette.CROWD, hidden),
    ):
        assert amount(draw(chart).png, colour) > 100
        assert amount(draw(without).png, colour) == 0


# --- what is hidden


@pytest.mark.parametrize("subject", KINDS, ids=lambda subject: subject.kind)
def test_a_hidden_crowd_leaves_no_trace_in_pixels_or_words(subject: ChartSubject) -> None:
    """What the drawing is handed has no place for the crowd then; the picture says that it will show."""
    hidden = history(subject, crowd=None, own=(OwnStep(day(3), forecast(subject, 1)),))
    said = draw(hidden).alt
    assert words.HIDDEN in said
    assert "member" not in said
    assert "rowd from" not in said
    assert words.HIDDEN in draw(SpreadChart(subject, None, None, None)).alt
    assert words.NOBODY in draw(history(subject)).alt, "an empty crowd is another thing than a hidden one"


def test_without_the_crowd_the_axis_of_time_begins_with_the_readers_own_forecast() -> None:
    """When others began would tell something of them."""
    own = (OwnStep(day(3), (0.4,)),)
    begun = {draw(history(crowd=None, own=own, closes_at=end)).png for end in (None, NOW + timedelta(days=9))}
    assert len(begun) == 1


# --- alt text


def test_the_alt_text_of_a_history_says_what_moved_and_where_everybody_stands() -> None:
    steps = (
        CrowdStep(datetime(2026, 1, 3, 9, tzinfo=UTC), Crowd(1, (0.34,), (0.34,), (0.34,))),
        CrowdStep(datetime(2026, 5, 1, tzinfo=UTC), Crowd(14, (0.61,), (0.48,), (0.7,))),
    )
    chart = history(crowd=steps, own=(OwnStep(day(9), (0.8,)),), author=(0.75,))
    assert words.history_alt(chart) == (
        "History of #42 GPT-6 is released. Crowd from 34% on 3 Jan 2026 to 61% on 21 Nov 2026, 14 members; "
        "middle half between 48% and 70%; you: 80%; the author: 75%."
    )
    resolved = replace(chart, outcome=Outcome("yes"), resolved_at=datetime(2026, 11, 2, 23, 30, tzinfo=UTC))
    assert words.history_alt(resolved).endswith("; result on 2 Nov 2026: yes.")
    assert "result on 3 Nov 2026" in words.history_alt(replace(resolved, zone=ZoneInfo("Europe/Berlin")))


def test_the_alt_text_of_a_history_ends_where_the_picture_ends() -> None:
    steps = (CrowdStep(day(9), Crowd(3, (0.2,), (0.1,), (0.3,))), CrowdStep(day(2), Crowd(4, (0.9,), (0.8,), (0.95,))))
    said = words.history_alt(history(crowd=steps, closes_at=day(5)))
    assert "Crowd 20% since 12 Nov 2026, 3 members" in said
    assert "90%" not in said


def test_the_alt_text_of_other_kinds_names_their_values() -> None:
    assert "you: 50 points (80% between 40 and 60)" in words.history_alt(
        history(NUMERIC, own=(OwnStep(day(1), (40.0, 50.0, 60.0)),))
    )
    values = tuple(day_number(day(number).date()) for number in (2, 1, 0))
    assert "you: 20 Nov 2026 (80% between 19 Nov 2026 and 21 Nov 2026)" in words.spread_alt(
        SpreadChart(DATE, None, values, None)
    )
    shares = (0.4, 0.3, 0.1, 0.05, 0.05, 0.05, 0.03, 0.02)
    own = SpreadChart(CHOICE, None, shares, None)
    assert "you: OpenAI 40%, Google 30%, Anthropic 10%, DeepSeek 5% and 4 more" in words.spread_alt(own)


def test_the_alt_text_of_a_spread_has_its_middle_and_its_ends() -> None:
    forecasts = ((0.2,), (0.5,), (0.9,))
    chart = SpreadChart(BINARY, ForecastSpread(forecasts, Crowd(3, (0.5,), (0.35,), (0.7,))), (0.5,), None)
    assert words.spread_alt(chart) == (
        "Current forecasts of #42 GPT-6 is released. 3 forecasts, crowd 50%; middle half between 35% and 70%; "
        "lowest 20%, highest 90%; you: 50%."
    )


def test_the_alt_text_of_a_calibration_says_which_bins_chance_does_not_explain() -> None:
    bins = (CalibrationBin(0.1, 0.12, 20, 0.0, 0.25), CalibrationBin(0.72, 0.41, 9, 0.5, 0.9))
    assert words.calibration_alt(CalibrationChart("Ann", "2026", bins, 0.041)) == (
        "Calibration of Ann, 2026. 1 of 2 bins within the 90% band; expected calibration error 4.1 points; "
        "of 20 given about 10%, 12% came true; of 9 given about 72%, 41% came true (outside the band)."
    )


def test_the_alt_text_of_a_profile_signs_its_scores_and_says_which_way_is_better() -> None:
    said = words.profile_alt(replace(profile(), bins=()))
    assert said == (
        "Record of Ann, 2026. 37 predictions resolved; rank 3 of 25; peer score +12.3, higher is better; "
        "baseline score −145.2, higher is better; Brier score 0.142, lower is better; coverage 64%; "
        "best call #12 GPT-6 is released +88.1; worst call #31 Nobody passes the test −120.4."
    )


@pytest.mark.parametrize(
    ("score", "shown"), [(12.34, "+12.3"), (-4.0, "−4.0"), (0.0, "0.0"), (-0.04, "0.0"), (1234.5, "+1,234.5")]
)
def test_a_score_has_its_sign_and_zero_has_none(score: float, shown: str) -> None:
    assert words.signed(score) == shown


# --- people's words


@pytest.mark.parametrize("nasty", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_break_no_picture_and_no_alt_text(nasty: str) -> None:
    options = (nasty, *OPTIONS[1:])
    for chart in (
        full_history(replace(CHOICE, statement=nasty, options=options)),
        full_history(replace(NUMERIC, statement=nasty, unit=nasty)),
        spread(replace(CHOICE, options=options)),
        replace(calibration(), name=nasty, period=nasty),
        replace(profile(), name=nasty, best=ChartedCall(1, nasty, 1.0)),
    ):
        picture = draw(chart)
        assert len(picture.alt) <= words.MAX_ALT
        assert picture.alt.isprintable()
        picture.alt.encode()


def test_dollars_are_drawn_as_dollars() -> None:
    """Formulas would be set smaller, slanted and without their dollars."""

    def drawn(words: str) -> bytes:
        canvas = Canvas()
        canvas.write(10, 10, words)
        return canvas.png()

    alpha, plain = pixels(drawn("$x$")), pixels(drawn("x"))
    assert np.argwhere((alpha > 0.5).all(axis=2))[:, 1].max() > 2 * np.argwhere((plain > 0.5).all(axis=2))[:, 1].max()


def test_letters_that_the_font_lacks_are_never_drawn_as_boxes() -> None:
    assert readable("Who wins, 日本 or 中国?") == "Who wins, … or …?"
    assert readable("日本の首相は誰ですか") is None
    assert readable("🔥 hot 🔥") == "hot"
    assert readable("🔥🔥") is None
    assert readable("Ελλάδα, Україна, Việt Nam, שלום") == "Ελλάδα, Україна, Việt Nam, שלום"


@given(st.text(max_size=60))
def test_what_is_drawn_is_one_line_of_covered_letters(given: str) -> None:
    covered = frozenset(range(32, 127)) | {ord("…")}
    shown = drawable(given, covered)
    assert shown is None or (
        shown and {ord(character) for character in shown} <= covered and shown == " ".join(shown.split())
    )
    assert all(character.isprintable() for character in tidy(given))


@given(st.text(alphabet="abc WM…", max_size=300), st.integers(120, 900))
@settings(max_examples=examples(30))
def test_wrapped_lines_are_no_wider_than_their_room(given: str, width: int) -> None:
    lines = wrapped(given, size=style.TITLE, width=width, lines=2)
    assert len(lines) <= 2
    assert all(width_of(line, size=style.TITLE) <= width + 2 for line in lines)


# --- for every eye


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.1."""
    return float(np.dot(linear(colour), (0.2126, 0.7152, 0.0722)))


def linear(colour: str) -> Floats:
    """Linear red, green and blue of a hexadecimal colour."""
    parts = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(colour: str, ground: str = palette.GROUND) -> float:
    lighter, darker = sorted((luminance(colour), luminance(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def lab(parts: Floats) -> Floats:
    """CIE L*a*b* of linear red, green and blue."""
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = to_xyz @ np.clip(parts, 0, 1) / np.array([0.9505, 1.0, 1.089])
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


# Machado, Oliveira and Fernandes 2009, at full severity, in linear light.
BLIND = {
    "none": np.eye(3),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TEXTS = [palette.INK, palette.FAINT_INK, palette.CROWD, palette.OWN, palette.AUTHOR, palette.INSIDE, palette.OUTSIDE]


@pytest.mark.parametrize("colour", [*TEXTS, *palette.OPTIONS, palette.REST])
def test_text_and_lines_stand_out_from_the_ground(colour: str) -> None:
    """Every line has a label of its colour, so the bound of text is that of lines as well: 4.5, where 3 would do."""
    assert contrast(colour) >= 4.5
    assert contrast(palette.OUTCOME) >= 4.5


@pytest.mark.parametrize("eye", BLIND)
@pytest.mark.parametrize(
    "colours",
    [(palette.CROWD, palette.OWN, palette.AUTHOR), (palette.INSIDE, palette.OUTSIDE), palette.OPTIONS],
    ids=["lines", "bins", "options"],
)
def test_colours_in_one_picture_differ_to_every_eye(eye: str, colours: tuple[str, ...]) -> None:
    seen = [lab(BLIND[eye] @ linear(colour)) for colour in colours]
    assert min(float(np.linalg.norm(a - b)) for a, b in itertools.combinations(seen, 2)) >= 15


def test_colour_alone_never_tells_lines_apart() -> None:
    assert len(set(style.DASHES)) == len(set(style.MARKERS)) == len(set(palette.OPTIONS)) == len(palette.OPTIONS)
    assert len({style.SOLID, style.DASHED, style.DOTTED}) == 3, "crowd, own, author"
    assert style.OWN_MARKER != style.AUTHOR_MARKER


def test_the_smallest_letters_are_nine_pixels_high_on_a_phone_265_pixels_wide() -> None:
    assert min(style.TITLE, style.BODY, style.SMALL, style.HUGE) * 265 / style.WIDTH >= 9


# --- scales and thinning


def test_a_long_history_is_thinned_to_its_extremes() -> None:
    at = np.linspace(0, 300, 10_000)
    values = np.full((10_000, 1), 0.5)
    values[1234], values[7777] = 0.9, 0.1
    kept = thinned(at, values, bins=100)
    assert len(kept) <= 310
    assert {0, 1234, 7777, 9_999} <= set(kept)
    assert (np.diff(kept) > 0).all()


def test_labels_keep_their_order_and_overlap_nowhere() -> None:
    middles = spread_out([100.0, 101.0, 102.0, 400.0], [30.0] * 4, 90.0, 400.0)
    assert (np.diff(middles) >= 30).all()
    assert middles[0] - 15 >= 90
    assert middles[-1] + 15 <= 400


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        (day(300), NOW, ["Apr", "Jul", "Oct"]),
        (day(1), NOW, ["12:00", "21 Nov"]),
        (day(2000), NOW, ["2022", "2024", "2026"]),
    ],
)
def test_dates_are_called_as_precisely_as_they_lie_apart(start: datetime, end: datetime, shown: list[str]) -> None:
    called = [name for _, name in scales.date_ticks(start, end, UTC)]
    assert set(shown) <= set(called)


quantities = st.floats(-1e12, 1e12) | st.sampled_from([0.0, 1e-300, 1e300, -1e300])


@given(
    values=st.lists(st.tuples(quantities, quantities, quantities).map(sorted), min_size=1, max_size=6), days=st.booleans()
)
@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.too_slow])
def test_any_quantities_can_be_drawn(values: list[list[float]], days: bool) -> None:
    forecasts = [(float(low), float(middle), float(high)) for low, middle, high in values]
    if days:
        forecasts = [tuple(min(max(value, 0.0), 84_000.0) for value in values) for values in forecasts]
    subject = DATE if days else NUMERIC
    steps = tuple(
        CrowdStep(day(9 - number), crowd_of(subject.kind, np.array(forecasts[: number + 1])))
        for number in range(len(forecasts))
    )
    draw(history(subject, crowd=steps, own=(OwnStep(day(2), forecasts[0]),), author=forecasts[-1]))
    draw(SpreadChart(subject, ForecastSpread(tuple(forecasts), steps[-1].crowd), forecasts[0], forecasts[-1]))


@given(
    st.lists(st.tuples(st.integers(0, 10**7), st.floats(0, 1) | st.none()), max_size=8),
    st.lists(st.tuples(st.integers(0, 10**7), st.floats(0, 1) | st.none()), max_size=8),
    st.floats(0, 1) | st.none(),
)
@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.too_slow])
def test_any_history_can_be_drawn(
    crowds: list[tuple[int, float | None]], own: list[tuple[int, float | None]], author: float | None
) -> None:
    def at(seconds: int) -> datetime:
        return day(60) + timedelta(seconds=seconds)

    steps = tuple(
        CrowdStep(at(time), None if value is None else Crowd(3, (value,), (value / 2,), ((value + 1) / 2,)))
        for time, value in sorted(crowds, key=lambda step: step[0])
    )
    mine = tuple(
        OwnStep(at(time), None if value is None else (value,)) for time, value in sorted(own, key=lambda step: step[0])
    )
    picture = draw(history(crowd=steps, own=mine, author=None if author is None else (author,)))
    assert len(picture.alt) <= words.MAX_ALT


# --- the light half stays light


def test_asking_for_pictures_does_not_import_matplotlib() -> None:
    """Its import takes seconds: only the drawing thread may pay for it."""
    code = "import sys, bot.client, bot.drawing, bot.ui.charts.pictures; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
