"""Words with Markdown's marks to plain words: links to their names, escapes undone, bold and struck stretches kept as places."""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it import MarkdownIt

from bot.domain.documents.prose.shapes import Span

_PARSER = MarkdownIt("commonmark", {"maxNesting": 20}).enable("strikethrough")
_LONGEST = 20_000
"""Longer stretches stay as they are written: marks in them are rare, and hostile ones cost time."""
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,60}\]")
_SHORTCODE = re.compile(r"\{\{[^{}\n]{0,300}\}\}|\{:[^{}\n]{0,100}\}")
_COMMENT = re.compile(r"<!--.{0,5000}?-->", re.DOTALL)
_NAMED = {
    ":white_check_mark:": "✅",
    ":heavy_check_mark:": "✔",
    ":check:": "✅",
    ":x:": "❌",
    ":cross_mark:": "❌",
    ":negative_squared_cross_mark:": "❌",
    ":question:": "❓",
}
_WITHDRAWN = re.compile(r"\W*\d{1,3}(?:[.,]\d+)?\s?%?\W*")
"""A number alone that is struck through was replaced by another."""
_LOOSE_BOLD = re.compile(r"(?<![\w*])\*\*(?=[^\s*])([^*\n]{1,200}?)([ \t]{1,20})\*\*(?!\*)")
"""`**Treasuries: **will fall`: meant as bold, though Markdown doesn't take it so."""
_NAME = re.compile("|".join(map(re.escape, _NAMED)))
_TAGS = {"s": 0, "del": 0, "strike": 0, "b": 1, "strong": 1, "i": 2, "em": 2}
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[a-z]+)\b(?P<rest>[^>]*)>", re.IGNORECASE)
_STRUCK_STYLE = re.compile(r"line-through", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Words:
    """Plain words and which stretches of them were bold or struck through."""

    text: str
    bold: tuple[Span, ...] = ()
    struck: tuple[Span, ...] = ()
    italic: tuple[Span, ...] = ()


def read_inline(written: str) -> Words:
    """The plain words of a stretch of Markdown. Every line break stays."""
    kept = _LOOSE_BOLD.sub(r"**\1**\2", _NAME.sub(lambda found: _NAMED[found[0]], _without(written)))
    if len(kept) > _LONGEST:
        return Words(kept)
    parts: list[str] = []
    length, bold, struck, italic = 0, list[Span](), list[Span](), list[Span]()
    opened: list[int] = []
    opened_struck: list[int] = []
    opened_italic: list[int] = []
    spans: list[bool] = []

    def add(text: str) -> None:
        nonlocal length
        parts.append(text)
        length += len(text)

    for token in _PARSER.parseInline(kept)[0].children or []:
        match token.type:
            case "text" | "code_inline":
                add(token.content)
            case "softbreak" | "hardbreak":
                add("\n")
            case "strong_open":
                opened.append(length)
            case "strong_close" if opened:
                bold.append(Span(opened.pop(), length))
            case "em_open":
                opened_italic.append(length)
            case "em_close" if opened_italic:
                italic.append(Span(opened_italic.pop(), length))
            case "s_open":
                opened_struck.append(length)
            case "s_close" if opened_struck:
                begin = opened_struck.pop()
                if _WITHDRAWN.fullmatch("".join(parts)[begin:length]):
                    parts, length = ["".join(parts)[:begin]], begin
                else:
                    struck.append(Span(begin, length))
            case "html_inline":
                tag = _TAG.match(token.content)
                name = tag["name"].lower() if tag else ""
                if tag and name in ("sub", "sup") and not tag["close"]:
                    add(" ")
                if tag and name == "span" and tag["close"]:
                    if spans and spans.pop() and opened_struck:
                        struck.append(Span(opened_struck.pop(), length))
                elif tag and name == "span":
                    spans.append(_STRUCK_STYLE.search(tag["rest"]) is not None)
                    if spans[-1]:
                        opened_struck.append(length)
                elif tag and name in _TAGS:
                    begins, ends = ((opened_struck, struck), (opened, bold), (opened_italic, italic))[_TAGS[name]]
                    if not tag["close"]:
                        begins.append(length)
                    elif begins:
                        ends.append(Span(begins.pop(), length))
                add("\n" * token.content.count("\n") or (" " if name == "br" else ""))
            case _:
                pass
    return Words("".join(parts), tuple(bold), tuple(struck), tuple(italic))


def tidy(text: str) -> str:
    """On one line, with single blanks."""
    return " ".join(text.split())


def _without(written: str) -> str:
    """Without comments, footnote marks and the commands of page generators; their line breaks stay."""
    for pattern in (_COMMENT, _FOOTNOTE, _SHORTCODE):
        written = pattern.sub(lambda found: "\n" * found[0].count("\n"), written)
    return written
