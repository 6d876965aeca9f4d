"""Words that are taken out of texts shown before."""

from __future__ import annotations

import pytest

from bot.domain.redaction import HIDDEN, HiddenWords, redacted

LONG = "The mayor takes bribes from the builders of the bridge"


@pytest.mark.parametrize(
    ("forms", "text", "left"),
    [
        ((LONG,), f"#4 {LONG} · by May", f"#4 {HIDDEN} · by May"),
        ((LONG,), f"{LONG}\nand {LONG}", f"{HIDDEN}\nand {HIDDEN}"),
        ((LONG,), "#9 The mayor takes bribes from the…", f"#9 {HIDDEN}"),
        ((LONG,), "#9 The mayor takes bribes from nobody", "#9 The mayor takes bribes from nobody"),
        ((LONG,), "The mayor…", "The mayor…"),
        (("liar",), "#4 says liar", f"#4 says {HIDDEN}"),
        (("liar",), "<@5>: “liar”\n<@6>: “liar”", f"<@5>: “{HIDDEN}”\n<@6>: “liar”"),
        (("liar",), "another liar", "another liar"),
        (("",), "#4 nothing", "#4 nothing"),
        (
            ("first line that is long enough", "second"),
            "> first line that is long enough\n> second",
            f"> {HIDDEN}\n> second",
        ),
        ((LONG + "\n", LONG), LONG, HIDDEN),
    ],
)
def test_hidden_words_go_where_they_stand_whole_or_cut_and_nothing_else_does(
    forms: tuple[str, ...], text: str, left: str
) -> None:
    assert redacted(text, [HiddenWords(forms, ("#4", "<@5>"))]) == left
