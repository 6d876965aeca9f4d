from __future__ import annotations

import json
from typing import Any

import pytest

from bot.domain.documents.tree import MAX_BYTES, MAX_DEPTH, MAX_VALUES, Unreadable, decode, read_json, read_yaml


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-3", -3),
        ("+5", 5),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("yes", "yes"),
        ("No", "No"),
        ("on", "on"),
        ("off", "off"),
        ("y", "y"),
        ("2026-12-31", "2026-12-31"),
        ("12:30:45", "12:30:45"),
        ("0o17", "0o17"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("1e999", "1e999"),
        ("٣", "٣"),
        ("=", "="),
        ("<<", "<<"),
        ("'12'", "12"),
        ('"true"', "true"),
        ("'null'", "null"),
    ],
)
def test_plain_words_follow_yaml_1_2_and_never_become_dates_or_odd_numbers(text: str, value: Any) -> None:
    found = read_yaml(f"key: {text}\n").data["key"]
    assert (type(found), found) == (type(value), value)


def test_a_merge_key_is_a_plain_key() -> None:
    assert read_yaml("<<: {a: 1}\nb: 2\n").data == {"<<": {"a": 1}, "b": 2}


def test_a_number_of_more_digits_than_any_number_has_stays_text() -> None:
    assert read_yaml("key: " + "9" * 5000).data["key"] == "9" * 5000


def test_blocks_and_lists_keep_their_shape_and_every_value_its_line() -> None:
    tree = read_yaml("source:\n  title: T\npredictions:\n  - id: a\n    tags: [x,\n      y]\n  - id: b\n")
    assert tree.data == {"source": {"title": "T"}, "predictions": [{"id": "a", "tags": ["x", "y"]}, {"id": "b"}]}
    assert tree.line_of(("source", "title")) == 2
    assert tree.line_of(("predictions", 0, "tags", 1)) == 6
    assert tree.line_of(("predictions", 1, "id")) == 7


def test_what_is_missing_has_the_line_of_what_should_hold_it() -> None:
    tree = read_yaml("source:\n  title: T\npredictions:\n  - id: a\n")
    assert tree.line_of(("predictions", 0, "statement")) == 4
    assert tree.line_of(("nothing", "of", "this")) == 1


@pytest.mark.parametrize("text", ["a: 1\nb: 2\na: 3\n", '{"a": 1,\n"b": 2,\n"a": 3}'])
def test_a_key_that_stands_twice_is_told_with_its_line(text: str) -> None:
    assert read_yaml(text).repeated == [(("a",), 3)]


@pytest.mark.parametrize("text", ["a: &x 1\nb: *x\n", "a: &x [1]\n", "&x a: 1\n"])
def test_anchors_and_aliases_are_refused(text: str) -> None:
    with pytest.raises(Unreadable, match="anchors and aliases") as refusal:
        read_yaml(text)
    assert refusal.value.line == 1


def test_a_bomb_of_aliases_is_refused_before_it_grows() -> None:
    levels = "\n".join(f"l{level}: &l{level} [{', '.join([f'*l{level - 1}'] * 9)}]" for level in range(1, 10))
    with pytest.raises(Unreadable, match="anchors and aliases"):
        read_yaml("l0: &l0 lol\n" + levels)


@pytest.mark.parametrize(
    "text",
    ["a: !!python/object/apply:os.system [ls]", "a: !!str 5", "a: !mine 5", "a: ! 5", "!!map {a: 1}", "a: !!binary aGk="],
)
def test_tags_are_refused(text: str) -> None:
    with pytest.raises(Unreadable, match=r"the tag .+ isn't allowed; write plain values"):
        read_yaml(text)


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_hostile_nesting_is_refused_and_not_followed(opening: str) -> None:
    with pytest.raises(Unreadable, match=f"nested deeper than {MAX_DEPTH} levels"):
        read_yaml(opening * 500_000)


def test_as_much_nesting_as_is_allowed_is_read() -> None:
    found = read_yaml("[" * MAX_DEPTH + "]" * MAX_DEPTH).data
    for _ in range(MAX_DEPTH - 1):
        found = found[0]
    assert found == []


@pytest.mark.parametrize("read", [read_yaml, read_json])
def test_more_values_than_any_prediction_file_has_are_refused(read: Any) -> None:
    with pytest.raises(Unreadable, match="holds more than 100,000 values; split it"):
        read("[" + "1," * 2 * MAX_VALUES + "1]")


@pytest.mark.parametrize("text", ["", "\n\n", "# only words\n"])
def test_an_empty_file_says_that_it_is_empty(text: str) -> None:
    with pytest.raises(Unreadable, match="the file is empty"):
        read_yaml(text)


def test_several_documents_in_a_file_are_refused() -> None:
    with pytest.raises(Unreadable, match="several YAML documents; put each in its own file"):
        read_yaml("a: 1\n---\nb: 2\n")


@pytest.mark.parametrize(
    ("text", "line"),
    [("a: 1\nb: [1, 2\nc: 3\n", 3), ("a: 1\n  b: 2\n", 2), ("a: 'x\n", 2), ("\tb: 1\n", 1), ("a: \x07\n", 1)],
)
def test_broken_yaml_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(Unreadable, match="n't valid YAML") as refusal:
        read_yaml(text)
    assert refusal.value.line == line


def test_a_key_that_is_a_list_is_refused() -> None:
    with pytest.raises(Unreadable, match="a key must be a plain word"):
        read_yaml("? [a, b]\n: 1\n")


def test_line_ends_of_every_system_and_a_byte_order_mark_make_no_difference() -> None:
    lines = ["source:", "  title: Ünïcode", "predictions: []", ""]
    expected = read_yaml("\n".join(lines))
    for end in ("\n", "\r\n", "\r"):
        for mark in (b"", b"\xef\xbb\xbf"):
            tree = read_yaml(decode(mark + end.join(lines).encode()))
            assert (tree.data, tree.lines) == (expected.data, expected.lines)


def test_a_file_that_is_not_utf_8_is_refused_with_the_line() -> None:
    with pytest.raises(Unreadable, match="n't UTF-8 text; save it as UTF-8") as refusal:
        decode("a: 1\nb: ü\n".encode("latin-1"))
    assert refusal.value.line == 2
    with pytest.raises(Unreadable, match="n't UTF-8"):
        decode("a: 1".encode("utf-16"))


def test_a_file_that_is_too_large_is_refused_with_both_sizes() -> None:
    with pytest.raises(Unreadable, match=r"has 20\.0 MiB; at most 5 MiB can be loaded"):
        decode(b"x" * 20 * 1024 * 1024)
    assert decode(b"x" * MAX_BYTES)


def test_json_is_read_like_yaml_with_lines() -> None:
    value = {"source": {"title": "T", "authors": ["A"], "notes": None}, "numbers": [1, -2.5, 1e-3], "yes": True}
    tree = read_json(json.dumps(value, indent=2))
    assert tree.data == value
    assert tree.line_of(("source", "authors", 0)) == 5


def test_json_escapes_pairs_of_surrogates_as_one_character_and_keeps_the_lines() -> None:
    tree = read_json('{"a": "\\ud83d\\ude00 \\\\ud83d\\\\ude00 \\/ \\u00e9",\n"b": 1}')
    assert tree.data["a"] == "😀 \\ud83d\\ude00 / é"
    assert tree.line_of(("b",)) == 2


@pytest.mark.parametrize("escape", ["\\ud83d\\ude00", "\\ud83d", "\x7f"], ids=["pair", "lone surrogate", "delete"])
def test_a_repeated_key_is_seen_in_any_json(escape: str) -> None:
    assert [path for path, _ in read_json('{"x": "' + escape + '", "a": 1, "a": 2}').repeated] == [("a",)]


@pytest.mark.parametrize("escape", ["", "\\ud83d"], ids=["plain", "lone surrogate"])
@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 500, 100_000])
def test_deep_json_is_refused(escape: str, depth: int) -> None:
    text = '["' + escape + '", ' + "[" * depth + "]" * depth + "]"
    with pytest.raises(Unreadable, match=f"nested deeper than {MAX_DEPTH} levels"):
        read_json(text)


@pytest.mark.parametrize(
    "number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "9" * 5000, "0." + "9" * 5000], ids=lambda text: text[:9]
)
def test_json_numbers_that_cannot_be_stored_are_refused(number: str) -> None:
    with pytest.raises(Unreadable, match="isn't a number that can be stored") as refusal:
        read_json('{"a": ' + number + "}")
    assert len(str(refusal.value)) < 100


@pytest.mark.parametrize(
    ("text", "line"),
    [("", 1), ("{", 1), ('{"a": 1,\n"b"}', 2), ('{"a": 1,\n,}', 2), ('{"a": 1}\n[]', 2), ("{'a': 1}", 1), ('["\x01"]', 1)],
)
def test_broken_json_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(Unreadable, match="n't valid JSON") as refusal:
        read_json(text)
    assert refusal.value.line == line


@pytest.mark.parametrize(
    ("text", "line", "of"),
    [
        ('{"a": 1,\n}', 1, "object"),
        ("[\n1 ,\n\n]", 2, "array"),
        ('[{"a": [1],},\n2]', 1, "object"),
        ("[[],\n[1,]]", 2, "array"),
    ],
)
def test_a_comma_too_many_is_found_where_it_stands_on_every_python(text: str, line: int, of: str) -> None:
    with pytest.raises(Unreadable, match=f"n't valid JSON: Illegal trailing comma before end of {of}$") as refusal:
        read_json(text)
    assert refusal.value.line == line
