"""Metaculus' download, and archives in general."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from io import BytesIO

import pytest

from bot.domain.documents.platforms import archives
from bot.domain.types import Kind
from tests.domain.documents.platforms.exports import (
    METACULUS,
    METACULUS_FORECASTS,
    METACULUS_QUESTIONS,
    by_id,
    document,
    left_out,
    problems,
    read,
    told,
    zipped,
)


def download(questions: str = METACULUS_QUESTIONS, forecasts: str = METACULUS_FORECASTS) -> bytes:
    return zipped({"question_data.csv": questions, "forecast_data.csv": forecasts})


def test_a_download_becomes_the_forecasters_forecasts_with_their_times() -> None:
    found = document(METACULUS)
    assert (found.pack, found.source.authors) == ("metaculus-ann", ("ann",))
    rain = by_id(found)["mc-11"]
    assert told(rain) == [("2024-02-01 00:00:00", (0.4,)), ("2024-03-31 22:00:00", (0.9,))]
    assert rain.forecasts[0].ended == datetime(2024, 3, 1, tzinfo=UTC)
    assert (rain.outcome, rain.resolved) == (True, datetime(2024, 6, 1, 0, 0, 0, 500_000, tzinfo=UTC))
    assert (rain.closed, rain.window.end) == (datetime(2024, 12, 31, 12, tzinfo=UTC), date(2024, 12, 31))
    assert rain.url == "https://www.metaculus.com/questions/1/rain/"
    assert left_out(found) == {
        "1 aggregate forecast": "the community's, not the author's",
        "A thought": "draft on Metaculus",
    }


def test_options_that_were_not_there_yet_were_given_no_chance() -> None:
    who = by_id(document(METACULUS))["mc-12"]
    assert (who.kind, [option.name for option in who.options]) == (Kind.MULTIPLE_CHOICE, ['Ann "A"', "Bob's", "Cid"])
    assert told(who) == [("2024-02-01 00:00:00", (0.5, 0.5, 0.0))]


def test_a_question_with_more_options_than_a_menu_holds_is_left_out_and_named() -> None:
    header, *rows = csv.reader(io.StringIO(METACULUS_QUESTIONS))
    rows[1][header.index("MC Options")] = str([f"o{number}" for number in range(26)])
    why = "it has 26 options, and a menu on Discord holds at most 25"
    assert left_out(document(download(_table(header, *rows))))["Who wins?"] == why
    assert problems(download(_table(header, rows[1]), forecasts=METACULUS_FORECASTS.splitlines()[0] + "\n")) == [
        f"export.zip:1: this Metaculus export has no question that can be taken. “Who wins?” was left out ({why})"
    ]


def _table(*rows: list[str]) -> str:
    made = io.StringIO()
    csv.writer(made).writerows(rows)
    return made.getvalue()


def test_a_distribution_becomes_its_quantiles() -> None:
    """The CDF is 0, .2, .5, .8, .95 at 0, 25, 50, 75, 100: so 10 % at 12.5, 90 % two thirds between 75 and 100."""
    found = by_id(document(METACULUS))
    much, when = found["mc-13"], found["mc-14"]
    assert much.statement == "How much (by 2027)"
    assert much.forecasts[0].values == pytest.approx((12.5, 50, 75 + 25 * 2 / 3))
    assert when.forecasts[0].values == (date(2024, 2, 6), date(2024, 7, 1), date(2024, 11, 24))


def test_a_result_beyond_the_range_is_told_in_words() -> None:
    much = by_id(document(METACULUS))["mc-13"]
    assert (much.outcome, much.result) == ("above_upper_bound", None)
    assert "above the range's bound, 100.0" in (much.notes or "")
    assert any("can't be used as a result" in str(warning) for warning in read(METACULUS).warnings)


@pytest.mark.parametrize(
    ("said", "outcome"), [("no", False), ("annulled", "annulled"), ("ambiguous", "annulled"), ("", None)]
)
def test_metaculus_resolutions_are_understood(said: str, outcome: bool | str | None) -> None:
    found = document(download(METACULUS_QUESTIONS.replace(",yes,", f",{said},")))
    assert by_id(found)["mc-11"].outcome == outcome


def test_an_anonymous_download_and_the_columns_of_2026_are_read() -> None:
    header, *rest = METACULUS_FORECASTS.splitlines(keepends=True)
    anonymous = header.replace("Forecaster ID,Forecaster Username", "Forecaster (Anonymized),Is Bot")
    found = document(download(forecasts="".join([anonymous, *rest]).replace(",9,ann,", ",0a1b2c3d4e5f,False,")))
    assert found.source.authors == ("forecaster 0a1b2c3d",)
    assert [one.forecasts for one in found.predictions] == [one.forecasts for one in document(METACULUS).predictions]
    newer = METACULUS_QUESTIONS.replace("MC Options,", "MC Options (All),", 1)
    assert document(download(newer)).predictions == document(METACULUS).predictions


def test_questions_alone_are_read_without_forecasts_and_forecasts_alone_are_not() -> None:
    found = document(METACULUS_QUESTIONS, file="question_data.csv")
    assert {one.id for one in found.predictions} == {"mc-11", "mc-12", "mc-13", "mc-14"}
    assert "load the zip" in problems(METACULUS_FORECASTS)[0]


def test_several_people_in_a_download_need_a_name() -> None:
    several = METACULUS_FORECASTS + "11,8,bob,2024-02-01 00:00:00+00:00,,,0.3" + "," * 11 + "\n"
    assert "--author" in problems(download(forecasts=several))[0]
    found = document(download(forecasts=several), author="bob")
    assert (found.pack, told(by_id(found)["mc-11"])) == ("metaculus-bob", [("2024-02-01 00:00:00", (0.3,))])
    assert left_out(found)["5 forecasts of other people"]


def test_what_is_wrong_is_said_with_the_table_and_the_line() -> None:
    forecasts = METACULUS_FORECASTS.replace(",0.4,", ",1.4,").replace("2024-04-01 00:00:00+02:00", "soon")
    questions = METACULUS_QUESTIONS.replace(",yes,", ",perhaps,")
    assert problems(download(questions, forecasts)) == [
        "export.zip/question_data.csv:2: Resolution: is 'perhaps'; it must be yes, no, annulled, ambiguous or nothing",
        "export.zip/forecast_data.csv:2: Probability Yes: is 1.4; it must be a number from 0 to 1, or a percentage like 70%",
        "export.zip/forecast_data.csv:3: Start Time: is 'soon'; it must be a moment like 2026-02-14 09:30:00 "
        "(UTC if there's no offset)",
    ]


def test_a_forecast_that_does_not_fit_its_question_is_left_out() -> None:
    found = document(download(forecasts=METACULUS_FORECASTS.replace("[0.5, 0.5, None]", "[0.5, 0.5]")))
    assert left_out(found)["1 forecast on “Who wins?”"] == "without numbers that fit the question"


# Archives


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = zipped({"question_data.csv": b"0" * (archives.MAX_BYTES + 1)})
    assert len(bomb) < 100_000
    assert problems(bomb) == ["export.zip:1: the archive unpacks to more than 20 MiB"]
    monkeypatch.setattr(archives, "MAX_ENTRIES", 3)
    assert "holds 4 files" in problems(zipped({f"{n}.csv": "" for n in range(4)}))[0]


def test_an_archive_that_lies_of_its_size_or_is_broken_is_refused() -> None:
    lying = bytearray(zipped({"question_data.csv": b"0" * (archives.MAX_BYTES + 1)}))
    at = lying.rindex(b"PK\x01\x02")
    lying[at + 24 : at + 28] = (10).to_bytes(4, "little")
    assert problems(bytes(lying))
    assert "damaged" in problems(METACULUS[:200])[0]
    assert "damaged" in problems(b"PK\x03\x04" + b"x" * 50)[0]


def test_an_encrypted_or_oddly_packed_archive_is_refused() -> None:
    encrypted = bytearray(METACULUS)
    at = encrypted.index(b"PK\x01\x02", encrypted.index(b"PK\x01\x02") + 4)
    encrypted[at + 8] |= 1
    assert "encrypted" in problems(bytes(encrypted))[0]
    odd = BytesIO()
    with zipfile.ZipFile(odd, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("question_data.csv", METACULUS_QUESTIONS)
    assert "compressed in an unusual way" in problems(odd.getvalue())[0]


def test_an_archive_without_an_export_is_refused() -> None:
    assert "this isn't an export" in problems(zipped({"a.txt": "x"}))[0]
    assert "twice" in problems(zipped({"a/question_data.csv": "x", "b/question_data.csv": "y"}))[0]


def test_a_file_that_is_too_large_is_refused() -> None:
    assert "at most 20 MiB" in problems("x" * (50 * 1024 * 1024))[0]
