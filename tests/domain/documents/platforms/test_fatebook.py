"""Fatebook's CSV export, read and written."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.documents.models import PredictionFile
from bot.domain.documents.platforms.fatebook import fatebook_csv
from bot.domain.types import Kind
from tests.domain.documents.platforms.exports import (
    FATEBOOK,
    FATEBOOK_HEADER,
    by_id,
    document,
    left_out,
    problems,
    read,
    told,
)

RAIN, SNOW = "fb-20240102T030405", "fb-20250101T000000"
WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)


def export(*rows: str) -> str:
    """An export of these rows."""
    return "\n".join([FATEBOOK_HEADER, *rows]) + "\n"


def row(
    title: str = "Will it rain?", *, by: str = "Ann", share: str = "0.7", at: str = "2024-01-02 03:04:05", **more: str
) -> str:
    """A row; the rest is filled in."""
    told = {"choice": "", "created": "2024-01-02 03:04:05", "until": "", "result": "", "known": "", "score": "", "notes": ""}
    told |= more
    cells = [title, told["choice"], by, share, at, "Ann", told["created"], told["until"], told["result"], told["known"]]
    cells += [told["score"], "", told["notes"], "", "", ""]
    return ",".join('"' + cell.replace('"', '""') + '"' if cell else "" for cell in cells)


def test_an_export_becomes_its_exporters_forecasts_with_their_times() -> None:
    found = document(FATEBOOK)
    assert (found.pack, found.source.title, found.source.authors) == ("fatebook-ann", "Fatebook export of Ann", ("Ann",))
    rain, snow = by_id(found)[RAIN], by_id(found)[SNOW]
    assert rain.statement == "Will it rain, in Oslo?"
    assert rain.criteria == 'Any rain\nof "any" kind'
    assert told(rain) == [("2024-01-02 03:04:05", (0.7,)), ("2024-03-01 12:30:59", (0.85,))]
    assert (rain.outcome, rain.resolved, rain.window.end) == (True, datetime(2024, 6, 1, 10, tzinfo=UTC), date(2024, 6, 30))
    assert (snow.outcome, snow.window.end, told(snow)) == (None, date(2027, 6, 30), [("2025-01-02 03:04:05", (0.1,))])


def test_others_forecasts_names_and_comments_stay_out() -> None:
    found = document(FATEBOOK)
    assert left_out(found) == {"1 forecast of other people": "only the exporter's own are taken"}
    assert "Bob" not in found.model_dump_json()
    assert "never" not in found.model_dump_json()


def test_a_second_reading_gives_the_same_and_so_does_a_spreadsheets_copy() -> None:
    once = document(FATEBOOK)
    assert document(FATEBOOK, file="another name (1).csv") == once
    assert document("\ufeff" + FATEBOOK.replace("\n", "\r\n")) == once
    rows = list(csv.reader(FATEBOOK.splitlines(keepends=True)))
    german = "".join(
        ";".join(
            '"' + cell.replace("0.7", "0,7").replace("0.85", "0,85").replace("0.1", "0,1").replace('"', '""') + '"'
            for cell in row
        )
        + "\n"
        for row in rows
    )
    assert document(german) == once


PLAIN = export(
    row(result="YES", known="2024-06-01 10:00:00", score="0.09"),
    row("Will it snow?", share="0.2", at="2025-01-02 15:04:05", created="2025-01-01 00:00:00", until="2027-06-30 22:00:00"),
)


def _again(text: str, **form: Any) -> bytes:
    """The export as another program writes it."""
    made = io.StringIO()
    csv.writer(made, **form).writerows(csv.reader(io.StringIO(text)))
    return made.getvalue().encode()


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"sep=;\r\n" + _again(PLAIN, delimiter=";"), id="Excel's first line"),
        pytest.param(b"\xef\xbb\xbfsep=;\r\n" + _again(PLAIN, delimiter=";"), id="the same behind a mark"),
        pytest.param(b"\r\n" + PLAIN.encode(), id="an empty first line"),
        pytest.param(_again(PLAIN, delimiter="\t"), id="tabs"),
        pytest.param(_again(PLAIN, delimiter="\t").decode().encode("utf-16"), id="UTF-16"),
        pytest.param(PLAIN.replace("\n", "\r").encode(), id="old line ends"),
        pytest.param(_again(PLAIN, quoting=csv.QUOTE_ALL), id="all cells in quotes"),
        pytest.param(_again(PLAIN.replace('"0.', '"0,'), delimiter=";"), id="decimal commas"),
        pytest.param(_again(PLAIN.replace('"0.2"', '"20\u00a0%"')), id="percent behind a hard blank"),
        pytest.param(PLAIN.replace("\n", ",,,\n").encode(), id="empty cells behind"),
        pytest.param(PLAIN.replace(" 15:04:05", " 3:04:05 PM").encode(), id="mornings and afternoons"),
        pytest.param(PLAIN.replace("2025-01-02 15", "02.01.2025 15").encode(), id="dates of another country"),
        pytest.param(PLAIN.replace("2025-01-02 15:04:05", "2025-01-02T15:04:05.000Z").encode(), id="ISO moments"),
        pytest.param(PLAIN.replace("will it snow", "will it\tsnow").encode(), id="a tab in a title"),
    ],
)
def test_what_a_spreadsheet_makes_of_an_export_is_read_the_same(raw: bytes) -> None:
    assert document(raw, file="export.csv") == document(PLAIN)


def test_a_name_in_a_western_encoding_is_read() -> None:
    found = document(export(row(by="Ségo", score="0.1")).replace(',"Ann",', ',"Ségo",').encode("cp1252"), file="export.csv")
    assert found.source.authors == ("Ségo",)


def test_an_export_of_before_2024_has_other_columns() -> None:
    header = FATEBOOK_HEADER.replace("Resolution,Resolved at", "Question resolution,Question resolved at")
    assert document(header + FATEBOOK.removeprefix(FATEBOOK_HEADER)) == document(FATEBOOK)


@pytest.mark.parametrize(
    ("said", "outcome"),
    [("YES", True), ("no", False), ("AMBIGUOUS", "annulled"), ("N/A", "annulled"), ("", None), ("OTHER", "other")],
)
def test_every_resolution_is_understood_or_kept_as_words(said: str, outcome: Any) -> None:
    (found,) = document(export(row(result=said))).predictions
    assert found.outcome == outcome
    warned = any("used as a result" in str(warning) for warning in read(export(row(result=said))).warnings)
    assert warned is (said == "OTHER")


def test_each_option_is_a_question_of_its_own() -> None:
    found = document(
        export(row("Who?", choice="A", share="0.2", result="NO"), row("Who?", choice="B", share="0.5", result="YES"))
    )
    assert [(one.statement, one.section, one.outcome) for one in found.predictions] == [
        ("Who? — A", "Who?", False),
        ("Who? — B", "Who?", True),
    ]


def test_questions_of_the_same_second_keep_apart_and_a_renamed_one_keeps_its_id() -> None:
    twins = document(export(row("One"), row("Two"))).predictions
    assert len({one.id for one in twins}) == 2
    renamed = document(export(row("One renamed"))).predictions
    assert renamed[0].id == document(export(row("One"))).predictions[0].id


def test_whose_export_it_is_follows_from_the_scores_or_must_be_said() -> None:
    tied = export(row(by="Ann"), row(by="Bob"))
    assert problems(tied) == [
        "export.csv:1: Forecast created by: doesn't say whose export it is; "
        "name the person with --author, spelled as in the file"
    ]
    assert told(document(tied, author="Bob").predictions[0]) == [("2024-01-02 03:04:05", (0.7,))]
    assert "nobody called 'Eve'" in problems(tied, author="Eve")[0]
    scored = export(row(by="Ann", score="0.1"), row("Two", by="Bob"), row("Three", by="Bob"))
    assert document(scored).source.authors == ("Ann",)


def test_names_of_other_letters_do_not_share_a_pack() -> None:
    names = ["Ann", "Анна", "Борис", "Ann!", "ann"]
    slugs = [document(export(row(by=name))).pack for name in names]
    assert len(set(slugs)) == len(names) - 1
    assert slugs[0] == slugs[4] == "fatebook-ann"


def test_a_forecast_after_the_result_does_not_count_and_a_repeated_moment_counts_once() -> None:
    found = document(
        export(
            row(share="0.3", result="YES", known="2024-02-01 00:00:00"),
            row(share="0.4", result="YES", known="2024-02-01 00:00:00"),
            row(share="0.9", at="2024-02-02 00:00:00", result="YES", known="2024-02-01 00:00:00"),
        )
    )
    assert told(found.predictions[0]) == [("2024-01-02 03:04:05", (0.4,))]
    assert left_out(found) == {"1 forecast on “Will it rain?”": "made after the result was known"}


def test_everything_that_is_wrong_is_said_at_once_with_its_line() -> None:
    broken = export(
        row(share="70"),
        row("Two", share="-1"),
        row("Three", at="2/1/2024 03:04"),
        row("Four", created="1969-01-01 00:00:00"),
        row("Five", until="2024-02-31 00:00:00"),
        row("", share="x"),
        row("Six", share="nan"),
    )
    assert problems(broken) == [
        "export.csv:2: Forecast (scale = 0-1): is 70; it must be a number from 0 to 1, or a percentage like 70%",
        "export.csv:3: Forecast (scale = 0-1): is -1; it must be a number from 0 to 1, or a percentage like 70%",
        "export.csv:4: Forecast created at: is '2/1/2024 03:04', which has two readings; "
        "write the year first, as in 2026-02-14 09:30:00",
        "export.csv:5: Question created at: is 1969-01-01 00:00:00; it must be in the years 1970 to 2200",
        "export.csv:6: Question resolve by: is '2024-02-31 00:00:00'; that moment doesn't exist",
        "export.csv:7: Question title: is empty; every forecast needs a question",
        "export.csv:8: Forecast (scale = 0-1): is 'nan'; it must be a number from 0 to 1, or a percentage like 70%",
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (FATEBOOK_HEADER + "\n", "this Fatebook export has no question that can be taken"),
        (FATEBOOK_HEADER.replace(",Question created at", "") + "\n", "Question created at: this column is missing"),
        (FATEBOOK_HEADER + '\n"open', "export.csv:2: this isn't valid CSV"),
        (FATEBOOK_HEADER + "\n" + ",".join(["x"] * 20), "export.csv:2: the row has 20 cells, but the header has 16"),
        ("a,b\n1,2\n", "this isn't an export from Fatebook, PredictionBook, Manifold or Metaculus"),
    ],
)
def test_a_file_that_is_broken_as_a_whole_is_refused(text: str, sentence: str) -> None:
    assert any(sentence in problem for problem in problems(text)), problems(text)


def test_a_title_that_is_too_long_is_cut_and_stands_whole_in_the_notes() -> None:
    (found,) = document(export(row("Long " * 100, notes="Word " * 1000))).predictions
    assert len(found.statement) == 300
    assert found.statement.endswith("…")
    assert len(found.criteria or "") <= 2000
    assert "Long " * 90 in (found.notes or "")


# Writing


def test_what_is_written_reads_back_the_same() -> None:
    once = document(FATEBOOK)
    again = document(fatebook_csv(once, written_at=WRITTEN))
    assert again.predictions == once.predictions
    assert (again.pack, again.source) == (once.pack, once.source)


def test_the_percentages_are_what_fatebooks_import_asks_for() -> None:
    (header, first, *_) = csv.reader(fatebook_csv(document(FATEBOOK), written_at=WRITTEN).splitlines(keepends=True))
    assert dict(zip(header, first, strict=True))["Forecast as a percentage"] == "70%"


def test_a_stated_probability_is_written_with_the_moment_of_writing_and_options_as_rows() -> None:
    predictions: list[dict[str, Any]] = [
        {"id": "a", "statement": "A", "probability": 0.7, "outcome": "annulled"},
        {
            "id": "b",
            "statement": "B",
            "kind": Kind.MULTIPLE_CHOICE,
            "outcome": "No",
            "options": [{"name": "Yes", "probability": 0.4}, {"name": "No", "probability": 0.6}],
        },
        {"id": "c", "statement": "C", "kind": "numeric", "numeric": {"unit": "USD", "p10": 1, "p50": 2, "p90": 3}},
        {"id": "d", "statement": "D"},
    ]
    written = fatebook_csv(
        PredictionFile.model_validate({"source": {"authors": ["Ann"]}, "predictions": predictions}), written_at=WRITTEN
    )
    found = document(written)
    assert [(one.statement, one.outcome, told(one)) for one in found.predictions] == [
        ("A", "annulled", [("2026-01-01 00:00:00", (0.7,))]),
        ("B — Yes", False, [("2026-01-01 00:00:00", (0.4,))]),
        ("B — No", True, [("2026-01-01 00:00:00", (0.6,))]),
    ]


HOSTILE = ["=1+1", "+1", "-10 °C in Oslo", "@SUM(A1)", "'=x", "''=x", "'plain'", "＝1", 'a"b', "x,y;z", "line\nbreak"]


@pytest.mark.parametrize("words", HOSTILE)
def test_no_cell_that_people_wrote_is_computed_by_a_spreadsheet(words: str) -> None:
    once = PredictionFile.model_validate(
        {
            "source": {"authors": [words]},
            "predictions": [{"id": "a", "statement": words, "criteria": words, "probability": 0.5}],
        }
    )
    written = fatebook_csv(once, written_at=WRITTEN)
    for cells in csv.reader(written.splitlines(keepends=True)):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝")) for cell in cells)
    (found,) = document(written).predictions
    assert (found.statement, found.criteria) == (" ".join(words.split()), words)
    assert document(written).source.authors == (" ".join(words.split()),)


@given(st.text(min_size=1, max_size=40))
def test_whatever_people_write_reads_back_the_same(words: str) -> None:
    try:
        data = {"source": {"authors": [words]}, "predictions": [{"id": "a", "statement": words, "probability": 0.25}]}
        once = PredictionFile.model_validate(data)
        once.model_dump_json().encode()
    except ValueError:
        return  # blank, or what no database holds
    reading = read(fatebook_csv(once, written_at=WRITTEN))
    if "\x00" not in words and reading.document is not None:
        again = document(fatebook_csv(reading.document, written_at=WRITTEN))
        assert again.predictions == reading.document.predictions
    else:
        assert reading.problems or "\x00" in words
