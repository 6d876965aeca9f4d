"""What a prediction file's reader says: `file:line: field: what is wrong and what is allowed`, all of it at once."""

from __future__ import annotations

import json
from datetime import date

import pytest

from bot.command_line.extract import extraction_text
from bot.domain.documents.reading import FileReading, read_prediction_file, slug_of
from bot.domain.types import Kind, Relation
from tests.work import calls

TODAY = date(2026, 3, 1)


def read(text: str, file: str = "pack.yaml") -> FileReading:
    return read_prediction_file(text.encode(), file=file, today=TODAY)


def problems(text: str, file: str = "pack.yaml") -> list[str]:
    reading = read(text, file)
    assert reading.document is None
    return [str(problem) for problem in reading.problems]


def with_fields(*lines: str) -> str:
    """A file with one prediction; its fields begin on line 5."""
    head = "source: {title: T}\npredictions:\n  - id: a\n    statement: S\n"
    return head + "".join(f"    {line}\n" for line in lines)


FULL = """\
format: predictions/1
pack: my-pack
source:
  title: Bets
  authors: [Ada, Bob]
  date: "2026-02"
  url: https://example.org/bets
predictions:
  - id: a-1
    statement: "  It rains  "
    criteria: The gauge shows water.
    probability: 0.7
    probability_raw: 70%
    qualifier: "~"
    window: {start: 2026-04-01, end: 2026-12-31, end_strict: 2026-06-30, raw: by 2026, basis: lenient}
    tags: [Weather, weather, open models]
  - id: a-2
    kind: multiple_choice
    statement: Who is first?
    options: [{name: OpenAI, probability: 0.5}, {name: Google, probability: 0.51}]
    parent: a-1
    relation: conditional
  - id: a-3
    kind: numeric
    statement: How many?
    numeric: {unit: USD, p10: 1, p50: 2, p90: 3}
  - {id: a-4, kind: date, statement: When?}
left_out:
  - {what: A quotation, reason: Not the author's, line: 3}
"""


@pytest.mark.parametrize(
    ("given", "numbers"),
    [
        ("kind: numeric, numeric: {unit: km}, range: {low: -5, high: 12.5}", (-5, 12.5)),
        ("kind: numeric, numeric: {unit: km}, range: {high: 3}", (None, 3)),
        ("kind: date, range: {low: 1970-01-02, high: 1970-01-11}", (1, 10)),
    ],
)
def test_a_stated_range_is_read_written_and_read_back(given: str, numbers: tuple[float | None, float | None]) -> None:
    text = f"format: predictions/1\nsource: {{title: T}}\npredictions:\n  - {{id: a, statement: S happens, {given}}}\n"
    document = read_prediction_file(text.encode(), file="a.yaml", today=date(2026, 1, 1)).document
    assert document is not None
    (one,) = document.predictions
    assert one.range is not None
    assert (one.range.numbers.low, one.range.numbers.high) == numbers
    for again, name in ((extraction_text(document), "a.yaml"), (document.model_dump_json(), "a.json")):
        assert read_prediction_file(again.encode(), file=name, today=date(2026, 1, 1)).document == document


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("range: {low: 1}", "only kinds numeric and date take a range; this is binary"),
        ("kind: date, range: {low: 1}", "the range of kind date is of days like 2026-12-31"),
        ("kind: numeric, numeric: {unit: km}, range: {low: 2027-01-01}", "the range of kind numeric is of numbers"),
        ("kind: numeric, numeric: {unit: km}, range: {}", "a range needs low, high or both"),
        ("kind: numeric, numeric: {unit: km}, range: {low: 3, high: 1}", "low 3.0 is above high 1.0; swap them"),
    ],
)
def test_a_range_that_fits_nothing_is_refused_with_the_line(given: str, why: str) -> None:
    text = f"format: predictions/1\nsource: {{title: T}}\npredictions:\n  - {{id: a, statement: S happens, {given}}}\n"
    (problem,) = read_prediction_file(text.encode(), file="a.yaml", today=date(2026, 1, 1)).problems
    assert str(problem).startswith("a.yaml:4: ")
    assert why in str(problem)


def test_a_full_file_is_read() -> None:
    document = read(FULL).document
    assert document is not None
    first, second, third, fourth = document.predictions
    assert (document.pack, document.source.authors, document.source.date_precision) == ("my-pack", ("Ada", "Bob"), "month")
    assert (first.statement, first.tags, first.stated_values) == ("It rains", ("weather", "open models"), (0.7,))
    assert (first.window.end, first.window.end_strict) == (date(2026, 12, 31), date(2026, 6, 30))
    assert (second.kind, second.relation) == (Kind.MULTIPLE_CHOICE, Relation.CONDITIONAL)
    assert second.stated_values == pytest.approx((0.5 / 1.01, 0.51 / 1.01))
    assert third.stated_values == (1, 2, 3)
    assert (fourth.kind, fourth.stated_values) == (Kind.DATE, None)


def test_json_of_the_same_shape_is_the_same_document() -> None:
    document = read(FULL).document
    assert document is not None
    for ascii_only in (True, False):
        text = json.dumps(document.model_dump(mode="json"), ensure_ascii=ascii_only)
        assert read(text, "my-pack.json").document == document


def test_json_with_an_emoji_as_a_pair_of_escapes_is_read() -> None:
    text = json.dumps({"source": {"title": "🔥"}, "predictions": [{"id": "a", "statement": "It burns 🔥"}]})
    assert "\\ud83d" in text
    document = read(text, "a.json").document
    assert document is not None
    assert document.predictions[0].statement == "It burns 🔥"


def test_words_of_likelihood_stay_words() -> None:
    document = read(with_fields("verbal: Most likely")).document
    assert document is not None
    assert (document.predictions[0].verbal, document.predictions[0].probability) == ("Most likely", None)


@pytest.mark.parametrize("written", ["likely", "yes", "true", "'0.7'", "70%", "1.2", "-0.1", "70", "[0.7]", ".nan", "1e999"])
def test_only_a_number_from_0_to_1_is_a_probability(written: str) -> None:
    (problem,) = problems(with_fields(f"probability: {written}"))
    assert problem.startswith("pack.yaml:5: predictions[0].probability: is ")
    assert problem.endswith("; it must be a number from 0 to 1 (70% is 0.7)")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            "statment: S",
            "statment: isn't a field (did you mean statement?); the fields are id, statement, kind, criteria,",
        ),
        ("kind: binry", "kind: is 'binry'; it must be 'binary', 'multiple_choice', 'numeric' or 'date'"),
        ("relation: child", "relation: is 'child'; it must be 'conditional', 'requires', 'instance' or 'consequence'"),
        ("qualifier: '?'", "qualifier: is '?'; it must be '>', '<' or '~'"),
        ("criteria: ''", "criteria: is empty; fill it in, or leave the field out"),
        ("criteria: " + "x" * 2001, "criteria: has 2001 characters; at most 2000 are allowed"),
        ("criteria: 5", "criteria: is 5; it must be text (put quotes around it)"),
        ("criteria: null", None),
        ("tags: weather", "tags: must be a list, not 'weather'"),
        ("tags: [2026]", "tags[0]: is 2026; it must be text (put quotes around it)"),
        ("tags: ['#ai']", "tags[0]: is '#ai'; it must be a tag of up to 40 letters, digits and spaces"),
        ("tags: [" + "İ" * 40 + "]", "tags[0]: is 'i̇"),
        ("window: 2026", "window: must be a block of fields (start, end, end_strict, relative, raw, basis), not 2026"),
        ("window: null", "window: must be a block of fields (start, end, end_strict, relative, raw, basis), not null"),
        ("window: {until: 2026-12-31}", "window.until: isn't a field; the fields are start, end,"),
        ("window: {end: 2026}", "window.end: is 2026; it must be a day like 2026-12-31"),
        ("window: {end: 86400}", "window.end: is 86400; it must be a day like 2026-12-31"),
        ("window: {end: '1798675200'}", "window.end: is '1798675200'; it must be a day like 2026-12-31"),
        ("window: {end: 31 Dec 2026}", "window.end: is '31 Dec 2026'; it must be a day like 2026-12-31"),
        ("window: {end: 2026-02-30}", "window.end: is '2026-02-30'; that day isn't in the calendar"),
        ("window: {end: 9999-12-31}", "window.end: is 9999-12-31; it must be in the years 1970 to 2200"),
        ("window: {start: 0001-01-01}", "window.start: is 0001-01-01; it must be in the years 1970 to 2200"),
        (
            "window: {start: 2027-01-01, end: 2026-12-31}",
            "window: the window starts on 2027-01-01 but ends before that, on 2026-12-31; swap or correct the dates",
        ),
        ("window: {end: 2026-06-30, end_strict: 2026-12-31}", "window: end_strict 2026-12-31 is later than end 2026-06-30;"),
        ("options: [{name: A}]", ": only kind multiple_choice takes options; this is binary"),
        ("kind: multiple_choice", ": multiple_choice needs 2 to 25 options; this has 0"),
        ("kind: numeric", ": kind numeric needs numeric.unit, the unit for answers"),
        ("numeric: {low: 1}", "numeric.unit: is missing; add it"),
        ("numeric: {unit: USD, low: '40'}", "numeric.low: is '40'; it must be a number"),
        ("numeric: {unit: USD, low: 2, high: 1}", "numeric: low 2 is above high 1; swap them"),
        ("numeric: {unit: USD, p10: 2, p90: 1}", "numeric: quantiles must rise: p10 at most p50, p50 at most p90"),
        ("parent: a", "parent: the parents form a cycle: a → a"),
        ("parent: b", "parent: this file has no prediction 'b'; give the id of one"),
        ("relation: requires", ": parent and relation go together: give both or neither"),
        ("line: 0", "line: is 0; it must be a whole number from 1 up"),
        ("line: 1.5", "line: is 1.5; it must be a whole number from 1 up"),
        ("line: two", "line: is 'two'; it must be a whole number from 1 up"),
        ("outcome: [1]", "outcome: is [1]; it must be true, false, an option's name or a number"),
        ('criteria: "a\\0b"', "criteria: holds the character U+0000, which can't be stored; remove it"),
        ('"a\\0b": 1', "a\ufffdb: holds the character U+0000, which can't be stored; remove it"),
        ("id: b", "id: this key appears twice; keep one"),
        ("criteria: as [[b]]", "criteria: refers to [[b]], but this file has no prediction with that id; give the id"),
        ("window: {basis: 'as [[b]]'}", "window.basis: refers to [[b]], but this file has no prediction with that id"),
        ("criteria: as [[a]]", None),
        ("criteria: as [[a b]] or [b]", None),
    ],
)
def test_what_is_wrong_is_said_with_line_field_and_what_is_allowed(line: str, sentence: str | None) -> None:
    if sentence is None:
        assert read(with_fields(line)).problems == ()
        return
    said = problems(with_fields(line))
    expected = f"predictions[0]{'' if sentence.startswith(':') else '.'}{sentence}"
    assert any(expected in problem for problem in said), said
    assert all(problem.startswith(("pack.yaml:5: ", "pack.yaml:3: ")) for problem in said)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("{}", None),
        ("{title: ''}", "source.title: is empty; fill it in, or leave the field out"),
        ("{title: " + "x" * 201 + "}", "source.title: has 201 characters; at most 200 are allowed"),
        ("{date: 2026}", "source.date: is 2026; it must be text (put quotes around it)"),
        ("{date: Feb 2026}", "source.date: is 'Feb 2026'; it must be a date like 2026-02-14, 2026-02 or 2026"),
        ("{date: '2026-13'}", "source.date: month must be in 1..12"),
        ("{url: ftp://x}", "source.url: is 'ftp://x'; it must be an address that begins with http:// or https://"),
        ("{sha256: abc}", "source.sha256: is 'abc'; it must be a SHA-256 sum of 64 hexadecimal digits"),
        ("{authors: Ada}", "source.authors: must be a list, not 'Ada'"),
        ("{truncated: partly}", "source.truncated: is 'partly'; it must be true or false"),
        ("text", "source: must be a block of fields (file, sha256, title, authors, date, saved, url, language,"),
    ],
)
def test_the_source_is_checked_in_the_same_way(line: str, sentence: str | None) -> None:
    if sentence is None:
        assert read(f"source: {line}\n").problems == ()
    else:
        (problem,) = problems(f"source: {line}\n")
        assert problem.startswith(f"pack.yaml:1: {sentence}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("predictions: []", ["pack.yaml:1: source: is missing; add it"]),
        ("source: {}\nformat: predictions/2", ["pack.yaml:2: format: is 'predictions/2'; it must be 'predictions/1'"]),
        (
            "source: {}\npack: My Pack",
            ["pack.yaml:2: pack: is 'My Pack'; it must be up to 64 lower-case letters, digits and dashes"],
        ),
        ("source: {}\npredictions: null", ["pack.yaml:2: predictions: must be a list, not null"]),
        ("hello", ["pack.yaml:1: must be a block of fields (format, pack, source, predictions, left_out), not 'hello'"]),
        ("[]", ["pack.yaml:1: must be a block of fields (format, pack, source, predictions, left_out), not []"]),
        ("", ["pack.yaml:1: the file is empty"]),
    ],
)
def test_the_file_as_a_whole_is_checked(text: str, said: list[str]) -> None:
    assert problems(text) == said


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("[{name: A}]", "needs 2 to 25 options; this has 1"),
        ("[" + ", ".join(f"{{name: O{number}}}" for number in range(26)) + "]", "needs 2 to 25 options; this has 26"),
        ("[{name: A}, {name: a}]", "two options have the same name"),
        (
            "[{name: A, probability: 0.5}, {name: B, probability: 0.4}]",
            "add up to 0.9; they must add up to 1 (give or take 0.02)",
        ),
        ("[A, B]", "options[0]: must be a block of fields (name, probability, outcome), not 'A'"),
    ],
)
def test_options_are_checked(options: str, sentence: str) -> None:
    assert sentence in problems(with_fields("kind: multiple_choice", f"options: {options}"))[0]


def test_everything_wrong_is_said_at_once_in_the_order_of_the_lines() -> None:
    text = """\
source: {title: T, dates: 2026}
predictions:
  - id: a
    statement: S
    probability: 70
  - id: a
    statement: S
    parent: nobody
    relation: requires
  - statement: ''
  - 5
extra: 1
"""
    assert [problem.split("; ")[0].split(" (")[0] for problem in problems(text)] == [
        "pack.yaml:1: source.dates: isn't a field",
        "pack.yaml:5: predictions[0].probability: is 70",
        "pack.yaml:6: predictions[1].id: the id 'a' is used twice",
        "pack.yaml:8: predictions[1].parent: this file has no prediction 'nobody'",
        "pack.yaml:10: predictions[2].id: is missing",
        "pack.yaml:10: predictions[2].statement: is empty",
        "pack.yaml:11: predictions[3]: must be a block of fields",
        "pack.yaml:12: extra: isn't a field",
    ]


def test_a_cycle_of_parents_is_told_once_with_its_members() -> None:
    links = [("a", "c"), ("b", "a"), ("c", "b"), ("d", "c")]
    items = "".join(f"  - {{id: {id}, statement: S {id}, parent: {parent}, relation: requires}}\n" for id, parent in links)
    assert problems("source: {}\npredictions:\n" + items) == [
        "pack.yaml:3: predictions[0].parent: the parents form a cycle: a → c → b → a"
    ]


def test_a_long_chain_of_parents_is_read_by_work_that_fits_its_length() -> None:
    def read_chain(length: int) -> None:
        chain = "".join(
            f"- {{id: a{number}, statement: s{number}, parent: a{number + 1}, relation: requires}}\n"
            for number in range(length)
        )
        document = read(f"source: {{}}\npredictions:\n{chain}- {{id: a{length}, statement: s}}\n").document
        assert document is not None
        assert len(document.predictions) == length + 1

    assert calls(lambda: read_chain(2_000)) < 6 * calls(lambda: read_chain(500))


def test_a_long_cycle_is_told_shortly() -> None:
    ring = "".join(
        f"- {{id: a{number}, statement: s{number}, parent: a{(number + 1) % 500}, relation: requires}}\n"
        for number in range(500)
    )
    (problem,) = problems(f"source: {{}}\npredictions:\n{ring}")
    assert "form a cycle: a0 → a1" in problem
    assert len(problem) < 200


def test_an_overlong_value_or_key_is_cut_in_what_is_said() -> None:
    said = problems("source: {title: T}\n" + "k" * 900 + ": " + "v" * 9000 + "\nformat: " + "w" * 9000 + "\n")
    assert all(len(problem) < 250 for problem in said)


@pytest.mark.parametrize(
    ("lines", "warning"),
    [
        (["probability: 0"], "probability: is 0%; scores count it as 0.1%"),
        (["probability: 1"], "probability: is 100%; scores count it as 99.9%"),
        (["window: {end: 2026-02-28}"], "window: ended on 2026-02-28; it's loaded closed"),
        (["window: {end: 2026-03-01}"], None),
        (["probability: 0.999"], None),
    ],
)
def test_a_warning_does_not_stop_a_file(lines: list[str], warning: str | None) -> None:
    reading = read(with_fields(*lines))
    assert reading.document is not None
    assert [str(found) for found in reading.warnings] == ([f"pack.yaml:5: predictions[0].{warning}"] if warning else [])


def test_the_same_words_twice_are_warned_of() -> None:
    reading = read("source: {}\npredictions:\n- {id: a, statement: It rains}\n- {id: b, statement: it  RAINS}\n")
    assert [str(found) for found in reading.warnings] == ["pack.yaml:4: predictions[1].statement: has the same words as a"]


@pytest.mark.parametrize(
    ("relation", "is_warned"), [("requires", True), ("instance", True), ("conditional", False), ("consequence", False)]
)
def test_a_part_likelier_than_its_whole_is_warned_of(relation: str, is_warned: bool) -> None:
    items = "- {id: a, statement: A, probability: 0.3}\n"
    items += f"- {{id: b, statement: B, probability: 0.4, parent: a, relation: {relation}}}\n"
    warnings = [str(found) for found in read(f"source: {{}}\npredictions:\n{items}").warnings]
    expected = "pack.yaml:4: predictions[1].probability: is higher than that of a, and it can't happen without that"
    assert warnings == ([expected] if is_warned else [])


@pytest.mark.parametrize(
    ("file", "slug"),
    [
        ("My File.yaml", "my-file"),
        ("/home/ada/seeds/001-predictions_2026.yml", "001-predictions-2026"),
        ("C:\\packs\\Bets.json", "bets"),
        ("x" * 100 + ".yaml", "x" * 64),
        ("日本.yaml", "pack"),
        (".yaml", "pack"),
    ],
)
def test_a_pack_without_a_name_has_its_files(file: str, slug: str) -> None:
    assert slug_of(file) == slug
    assert read_prediction_file(b"source: {}", file=file, today=TODAY).slug == slug


def test_a_stated_pack_name_rules_over_the_files() -> None:
    assert read("pack: mine\nsource: {}\n").slug == "mine"
