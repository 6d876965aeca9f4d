"""Whole documents: what is taken, what is left out, what is said about it."""

from __future__ import annotations

import pytest

from bot.domain.documents.prose.encoding import MAX_BYTES, UnreadableDocument
from bot.domain.documents.prose.extract import Extraction, extract
from bot.domain.types import Kind, Relation


def read(text: str, path: str = "bets.md") -> Extraction:
    """The extraction of a text."""
    return extract(text.encode(), path=path)


def found(text: str, path: str = "bets.md") -> list[tuple[str, float | None, bool | str | float | None, int | None]]:
    """Statement, probability, outcome and line of each prediction."""
    return [
        (item.prediction.statement, item.prediction.probability, item.prediction.outcome, item.prediction.line)
        for item in read(text, path).items
    ]


def test_a_probability_after_prose_belongs_to_what_stands_before_it() -> None:
    text = "# Predictions 2026\n\nSome background.\nThe industry will pause.\n\n_Probability: 90%_\n\n"
    text += "And phones will talk.\n\n_Probability: 70%_\n"
    assert found(text) == [("The industry will pause.", 0.9, None, 4), ("And phones will talk.", 0.7, None, 8)]


def test_chances_and_odds_of_thousands_are_read_whole() -> None:
    text = """# Bets for 2027

- There is a 1 in 1,000 chance that an asteroid hits by the end of 2027
- A comet is seen with the naked eye in 2027: 1 in 10,000
- The bridge opens in 2027 (1/1,000)
- The mine closes in 2027: 0,5%
- The dam breaks in 2027: 1:1,000
- The mill is sold in 2027: one in a thousand chance
- The tower leans in 2027 - the probability is 1 in 2 500
- The ferry sinks in 2027 – 1 out of 20
"""
    assert [value for _, value, _, _ in found(text)] == [0.001, 0.0001, 0.001, 0.005, 1 / 1001, 0.001, 0.0004, 0.05]
    assert found(text)[4][0] == "The dam breaks in 2027"


@pytest.mark.parametrize("stated", ["(p = 0.8)", "(p=0.8)", "(p 0.8)", "(P: 0,8)"])
def test_the_sign_of_a_probability_is_no_part_of_the_statement(stated: str) -> None:
    said = ["Hiring will open up.", "Rust will not replace C++", "TypeScript jumps the shark"]
    text = "# 2025 Tech Predictions\n\n" + "".join(f"#### {words} {stated}\nBecause.\n\n" for words in said)
    assert [(words, value) for words, value, _, _ in found(text)] == [(words, 0.8) for words in said]


def test_a_day_a_score_and_a_year_are_no_chances() -> None:
    text = "# Predictions 2027\n\n- The club wins its first match (3/4)\n- New bridges: 2 in 2027\n- The final ends 1:10\n"
    assert [value for _, value, _, _ in found(text)] == [None] * len(found(text))


@pytest.mark.parametrize("minus", "-−–﹣－")
def test_quantiles_keep_their_signs(minus: str) -> None:
    text = (
        f"# Prognosen 2027\n\n- Die Temperatur im Januar 2027: {minus}5 [{minus}10 – {minus}1] °C\n"
        f"- GDP growth 2027: {minus}0.5% [{minus}1 to 0.2]\n- Electric cars - 38% [22% – 55%]\n"
    )
    found = [item.prediction for item in read(text).items]
    assert [(one.kind, one.stated_values, one.numeric and one.numeric.unit) for one in found] == [
        (Kind.NUMERIC, (-10, -5, -1), "°C"),
        (Kind.NUMERIC, (-1, -0.5, 0.2), "%"),
        (Kind.NUMERIC, (22, 38, 55), "%"),
    ]


def test_two_probabilities_in_a_line_are_two_predictions() -> None:
    items = read(
        "# 2025\n\n- A push against NVIDIA (_Probability: 100%_), but success comes from the cloud (_Probability: 70%_)\n"
    ).items
    assert [item.prediction.probability for item in items] == [1.0, 0.7]
    assert items[1].prediction.parent == items[0].prediction.id


def test_an_elided_subject_is_taken_from_above() -> None:
    items = read(
        "# 2025\n\n## Ukraine\n- Admitted to NATO: 20%\n- A motion is introduced: 50%\n  - ... and he survives it: 20%\n"
    ).items
    assert items[0].prediction.statement == "Ukraine: Admitted to NATO"
    assert items[2].prediction.statement == "A motion is introduced: and he survives it"
    assert items[2].prediction.relation is Relation.REQUIRES


def test_only_the_authors_column_is_the_authors() -> None:
    text = "|Question|Rodeo's Prediction|Scott's Prediction|Outcome|\n|-|-|-|-|\n|Dow above 35K|92%|90%||\n|The games happen|97%|99%|YES|\n"
    assert found(text) == [("Dow above 35K", 0.92, None, 3), ("The games happen", 0.97, True, 4)]


def test_a_table_of_calibration_holds_no_predictions() -> None:
    extraction = read("# Scores of my predictions\n\n|said|n|happened|\n|-|-|-|\n|50-60%|6|50%|\n|90%+|5|100%|\n")
    assert extraction.items == ()
    assert extraction.document.left_out


def test_shares_that_sum_to_one_are_one_question() -> None:
    (item,) = read("# 2020\n\n- Biden/Sanders/another: 50%/30%/20%\n").items
    assert item.prediction.kind is Kind.MULTIPLE_CHOICE
    assert [(option.name, option.probability) for option in item.prediction.options] == [
        ("Biden", 0.5),
        ("Sanders", 0.3),
        ("another", 0.2),
    ]


def test_a_median_is_a_value_and_no_probability() -> None:
    items = read(
        "# 2020\n\n- Rain falls: 40%\n\n## Share of electric cars\n\n**38%** [22% – 55%]. It was 11% last year.\n"
    ).items
    assert [(item.prediction.kind, item.prediction.probability) for item in items] == [
        (Kind.BINARY, 0.4),
        (Kind.NUMERIC, None),
    ]
    assert items[1].prediction.numeric is not None
    assert items[1].prediction.numeric.p50 == 38


def test_words_of_likelihood_stay_words() -> None:
    items = read(
        "# My Predictions for 2026\n\n## Most Likely\n- ✅ Models become a commodity\n\n## Unlikely\n- 🔮 Claims of AGI\n"
    ).items
    assert [(item.prediction.verbal, item.prediction.probability, item.prediction.outcome) for item in items][1] == (
        "Unlikely",
        None,
        None,
    )


def test_what_the_author_disclaims_is_left_out_with_the_reason() -> None:
    text = "# Predictions 2026\n\n- An IPO will come: 70%\n\n## Topics to Watch\n\n"
    text += "I'm not making predictions for these topics.\n\n- A bubble will burst: 90%\n"
    extraction = read(text)
    assert [item.prediction.line for item in extraction.items] == [3]
    assert any("no predictions" in left.reason for left in extraction.document.left_out)


def test_records_keep_their_forecaster_and_their_own_date() -> None:
    text = "# Predictions\n\n### P-1: 2020-11-10: Memory\n\n"
    text += '- From: @ann\n- Text: "Within 6 months, Apple will add 32 GB."\n- Resolution:\n    - __FAIL__\n'
    (item,) = read(text).items
    assert (item.prediction.forecaster, item.prediction.outcome, item.prediction.line) == ("@ann", False, 6)
    assert str(item.prediction.window.end) == "2021-05-10"


def test_a_legend_says_what_bold_and_italics_mean() -> None:
    text = "# Grading 2021\n\nBold happened, italics did not.\n\n1. **Olympics take place: 70%**\n2. _Recall: 5%_\n"
    assert [outcome for _, _, outcome, _ in found(text)] == [True, False]


def test_strikethrough_did_not_happen() -> None:
    assert [outcome for _, _, outcome, _ in found("# 2020\n\n- ~~Brexit is reversed~~: 5%\n- Rain falls: 90%\n")] == [
        False,
        None,
    ]


def test_csv_keeps_its_lines_and_reads_ones_and_zeros() -> None:
    text = 'id,closes,question,p,resolution\n1,2022-12-31,"Inflation (HICP, DE) above 6%",90%,1\n'
    text += '2,2022-12-31,"A war\nspreads",0.1,0\n3,2023,Open end,0.5,\n'
    assert [row[1:] for row in found(text, "f.csv")] == [(0.9, True, 2), (0.1, False, 3), (0.5, None, 5)]


def test_html_is_read_without_its_scripts_and_furniture() -> None:
    text = "<html><head><title>Guesses for 2021</title><script>x: 70%</script></head>\n"
    text += "<body><nav><li>Sale: 30%</li></nav>\n<ul>\n<li>It rains: 98 %</li>\n"
    text += "<li><del>It snows</del> (35 %)</li></ul></body></html>"
    assert found(text, "g.html") == [("It rains", 0.98, None, 4), ("It snows", 0.35, False, 5)]


def test_a_page_without_predictions_says_so() -> None:
    extraction = read("# On soup\n\nSoup is 90% water. The market grew by 5%.\n")
    assert extraction.items == ()
    assert "no predictions were found" in extraction.warnings


def test_a_text_that_breaks_off_is_reported() -> None:
    prose = (
        "We live in strange times. Nobody knows what comes. Models are large. " * 6 + "It is unclear when the longer-term"
    )
    extraction = read(f"My bets\n\n{prose}\n\nRelated Articles\n", "bets.txt")
    assert extraction.document.source.truncated
    assert any("breaks off" in warning for warning in extraction.warnings)


def test_a_document_without_a_date_is_reported() -> None:
    assert any("no date" in warning for warning in read("- It will rain: 70%\n").warnings)


def test_broken_characters_are_repaired_and_curly_quotes_stay() -> None:
    text = "# ðŸ‘€ Predictions for 2026\n\n- The ‘best’ model will be open: 60%\n"
    extraction = read(text)
    assert extraction.items[0].prediction.statement == "The ‘best’ model will be open"
    assert extraction.document.source.title == "Predictions for 2026"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"\x7fELF\x00\x01", "program"),
        (b"\x00\x01\x02\x03" * 100, "binary"),
        (b"%PDF-1.7", "PDF"),
        (b"a" * (MAX_BYTES + 1), "MiB"),
    ],
)
def test_what_is_no_text_is_refused_with_a_sentence(raw: bytes, said: str) -> None:
    with pytest.raises(UnreadableDocument, match=said):
        extract(raw, path="x.md")


def test_a_long_statement_is_cut_and_its_words_are_kept() -> None:
    long = "It will rain " + "very " * 100 + "much"
    (item,) = read(f"# 2026\n\n- {long}: 70%\n").items
    assert len(item.prediction.statement) <= 300
    assert item.words == long
    assert long in (item.prediction.criteria or "")


def test_hostile_words_are_only_words() -> None:
    (item,) = read(
        "# 2026\n\n- @everyone will [https://good.example](https://evil.example) [[p99]] <script>x</script>: 70%\n"
    ).items
    assert "evil" not in item.prediction.statement
    assert item.prediction.references == set()


def test_a_chance_in_a_comment_is_no_second_prediction() -> None:
    text = "# 2024\n\n- OpenAI releases GPT-5 (65%). I think it's coming; there's a 20% chance of delay though.\n"
    assert found(text) == [("OpenAI releases GPT-5", 0.65, None, 3)]
