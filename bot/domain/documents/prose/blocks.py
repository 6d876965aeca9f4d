"""Markdown and plain text to blocks with their lines."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from bot.domain.documents.prose.html_tables import with_rows, without_tables
from bot.domain.documents.prose.inline import read_inline
from bot.domain.documents.prose.lines import is_list_of_chances, nest_comments, split_lines, split_remarks
from bot.domain.documents.prose.odds import split_odds
from bot.domain.documents.prose.shapes import Block, BlockKind

_PARSER = MarkdownIt("commonmark", {"maxNesting": 40}).enable(["table"]).disable(["code", "html_block"]).use(footnote_plugin)
_PARSER.core.ruler.disable(["inline", "footnote_tail"])  # blocks only: words are read where they are needed

_BULLET = re.compile(r"^(\s*)[●•▪■►➤‣⁃](?=\S|\s)\s*")
_SUB_BULLET = re.compile(r"^(\s*)[○◦▫□](?=\S|\s)\s*")
_LEAD = re.compile(r"^[^\s●•○◦#>|*+-][^.!?]{0,60}:\s*$")
_CALLOUT = re.compile(r"^\s*\[!\w+\][+-]?[^\n]*(\n|$)")
_PARENTHESISED = re.compile(r"^(\s{0,3})\(?(\d{1,3})[)\]:]\s+(?=\S)")
_LATE_CLOSER = re.compile(r"^\s?(\*\*|_)(?:\s+|$)")
_TAGGED_HEADING = re.compile(r"^\s{0,3}<h([1-6])(?:\s[^<>\n]{0,200})?>([^\n]{1,300}?)</h\1>\s*$")
_TAGGED_ITEM = re.compile(r"^\s{0,20}(?:</?[uo]l\b[^<>\n]{0,200}>\s*)*<li\b[^<>\n]{0,200}>\s*")
_TAGGED_LIST = re.compile(r"<(/?)[uo]l\b")
_DEEPEST = 6
ENOUGH = 3_200
"""More blocks than a page may have (`MAX_BLOCKS`): what lies behind them isn't looked at."""
_TIGHT_HEADING = re.compile(r"^(#{2,6})(?=[^\s#])(?!#)|^(#)(?=[A-Z][^#\s]*\s[^#]*$)")
_COMMENT_BEGINS, _COMMENT_ENDS = "<!--", "-->"
_TEMPLATE_COMMENT = re.compile(r"\{%-?\s*(end)?comment\s*-?%\}")
_TAG_LINE = re.compile(
    r"^\s*</?(?:div|br|p|center|hr|details|section|figure|iframe|img|span|a|small|table|ul|li)\b[^>\n]{0,500}>\s*$"
)
_RULE = re.compile(r"-+\s*$")
_UNDERLINED = re.compile(r"~{4,}|\^{4,}|\+{4,}|\"{4,}|'{4,}")
_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})([^`]*)$")
_SENTENCE_END = re.compile(r"[^\W\d_]{2}[.!?][\"”’')*_]*\s*$")
_SKIPPED = {"footnote_reference_open": "footnote_reference_close"}
_OPENERS = {"bullet_list_open", "ordered_list_open"}


def read_blocks(text: str, *, first_line: int = 1) -> list[Block]:
    """The blocks of a Markdown or plain text, in its order; comments, code and footnotes are passed over."""
    text, rows = without_tables(text, first_line)
    tokens = _PARSER.parse(_prepared(text))
    return with_rows(split_remarks(nest_comments(split_odds(split_lines(_Walk(first_line).over(tokens))))), rows)


def _prepared(text: str) -> str:
    """What Markdown does not know, in its own signs: other bullets, `1)`; comments blanked. No line is added or lost."""
    lines = _without_open_fences(_with_marked_headings(text.split("\n")))
    is_comment = False
    depth = 0
    for at, line in enumerate(lines):
        if "{%" in line:
            line = _TEMPLATE_COMMENT.sub(lambda tag: _COMMENT_ENDS if tag[1] else _COMMENT_BEGINS, line)
        line, is_comment = _uncommented(line, is_comment)
        is_tagged = "<" in line
        tags = _TAGGED_LIST.findall(line) if is_tagged else []
        item = _TAGGED_ITEM.match(line) if is_tagged else None
        level = depth + (sum(-1 if tag else 1 for tag in _TAGGED_LIST.findall(item[0])) if item else 0)
        depth = min(max(depth + sum(-1 if tag else 1 for tag in tags), 0), _DEEPEST)
        if item is not None and line[item.end() :].strip():
            line = f"{'  ' * min(max(level - 1, 0), _DEEPEST)}- {line[item.end() :]}"
        elif _TAG_LINE.match(line):
            line = ""
        elif "<h" in line and (tagged := _TAGGED_HEADING.match(line)):
            line = f"{'#' * int(tagged[1])} {tagged[2]}"
        elif line.startswith("#") and (tight := _TIGHT_HEADING.match(line)):
            line = f"{tight[0]} {line[tight.end() :]}"
        if at and (late := _LATE_CLOSER.match(line)) and lines[at - 1].strip():
            # Converters close emphasis at the beginning of the next line, where Markdown does not see it.
            kept = lines[at - 1].rstrip()
            lines[at - 1] = kept + late[1] + lines[at - 1][len(kept) :]
            line = line[late.end() :]
        if found := _BULLET.match(line):
            line = f"{found[1]}- {line[found.end() :]}"
            if at and _LEAD.match(lines[at - 1]):
                lines[at - 1] = f"###### {lines[at - 1]}"
        elif (
            line.startswith("-")
            and _RULE.match(line)
            and at > 1
            and lines[at - 2].strip()
            and _SENTENCE_END.search(lines[at - 1])
        ):
            line = ""  # a rule between paragraphs, which would make a heading of the one above it
        elif found := _SUB_BULLET.match(line):
            line = f"{found[1]}  - {line[found.end() :]}"
        elif found := _PARENTHESISED.match(line):
            line = f"{found[1]}{found[2]}. {line[found.end() :]}"
        lines[at] = line
    return "\n".join(lines)


def _with_marked_headings(lines: list[str]) -> list[str]:
    """With headings that reStructuredText underlines as Markdown has them, below those that both know (`=`, `-`)."""
    for at in range(1, len(lines)):
        found = _UNDERLINED.fullmatch(lines[at].rstrip())
        above = lines[at - 1].rstrip()
        if (
            found
            and above
            and above[0].isalnum()
            and len(above) <= len(found[0]) + 1
            and (at < 2 or not lines[at - 2].strip())
        ):
            lines[at - 1], lines[at] = f"### {above}", ""
    return lines


def _without_open_fences(lines: list[str]) -> list[str]:
    """Without the marks of fences that nothing closes: what follows them is text, not code."""
    marks = [(found[1][0], len(found[1]), not found[2].strip()) if (found := _FENCE.match(line)) else None for line in lines]
    widest: dict[str, list[int]] = {sign: [0] * (len(lines) + 1) for sign in "`~"}
    for at in range(len(lines) - 1, -1, -1):
        mark = marks[at]
        for sign, closing in widest.items():
            closing[at] = max(closing[at + 1], mark[1] if mark and mark[2] and mark[0] == sign else 0)
    opened: tuple[str, int] | None = None
    for at, mark in enumerate(marks):
        if mark is None:
            continue
        if opened is not None:
            opened = None if mark[2] and mark[0] == opened[0] and mark[1] >= opened[1] else opened
        elif widest[mark[0]][at + 1] >= mark[1]:
            opened = mark[:2]
        else:
            lines[at] = ""
    return lines


def _uncommented(line: str, is_comment: bool) -> tuple[str, bool]:
    if _COMMENT_BEGINS not in line and not is_comment:
        return line, False
    kept, at = "", 0
    while at < len(line):
        if is_comment:
            end = line.find(_COMMENT_ENDS, at)
            if end < 0:
                return kept, True
            at, is_comment = end + len(_COMMENT_ENDS), False
        else:
            begin = line.find(_COMMENT_BEGINS, at)
            if begin < 0:
                return kept + line[at:], False
            kept, at, is_comment = kept + line[at:begin], begin + len(_COMMENT_BEGINS), True
    return kept, is_comment


@dataclass(slots=True)
class _Item:
    level: int
    index: int | None = None
    is_numbered: bool = False


class _Walk:
    """Goes over the parser's tokens and keeps the place: the items and quotes that are open, the table's header."""

    def __init__(self, first_line: int) -> None:
        self.first_line = first_line
        self.blocks: list[Block] = []
        self.items: list[_Item] = []
        self.lists: list[bool] = []
        self.quotes: list[bool] = []
        self.tables = 0
        self.header: tuple[str, ...] = ()
        self.cells: list[str] = []
        self.row_line = first_line
        self.is_head = False
        self.is_cell = False

    def over(self, tokens: list[Token]) -> list[Block]:
        """The blocks of these tokens."""
        waiting_for: str | None = None
        heading = 0
        for token in tokens:
            if len(self.blocks) > ENOUGH:
                break
            kind = token.type
            if waiting_for is not None:
                waiting_for = None if kind == waiting_for else waiting_for
            elif kind in _SKIPPED:
                waiting_for = _SKIPPED[kind]
            elif kind in _OPENERS:
                self.lists.append(kind == "ordered_list_open")
            elif kind in ("bullet_list_close", "ordered_list_close"):
                self.lists.pop()
            elif kind == "list_item_open":
                self.items.append(_Item(len(self.lists), is_numbered=self.lists[-1]))
            elif kind == "list_item_close":
                self.items.pop()
            elif kind == "blockquote_open":
                self.quotes.append(False)
            elif kind == "blockquote_close":
                self.quotes.pop()
            elif kind == "heading_open":
                heading = int(token.tag[1])
            elif kind == "heading_close":
                heading = 0
            elif kind.startswith(("table", "thead", "tr", "th", "td")):
                self._table(token)
            elif kind == "inline":
                self._words(token, heading)
            elif kind == "fence" and is_list_of_chances(token.content):
                line = self.first_line + (token.map[0] if token.map else 0) + 1
                self.blocks.append(Block(BlockKind.PARAGRAPH, token.content.rstrip("\n"), line))
        return self.blocks

    def _table(self, token: Token) -> None:
        match token.type:
            case "table_open":
                self.tables += 1
            case "thead_open" | "thead_close":
                self.is_head = token.type == "thead_open"
            case "tr_open":
                self.cells = []
                self.row_line = self.first_line + (token.map[0] if token.map else 0)
            case "tr_close" if self.is_head:
                self.header = tuple(self.cells)
            case "tr_close":
                self.blocks.append(self._row())
            case "th_open" | "td_open" | "th_close" | "td_close":
                self.is_cell = token.type.endswith("open")
            case _:
                pass

    def _row(self) -> Block:
        text = " | ".join(cell for cell in self.cells if cell)
        return Block(
            BlockKind.ROW,
            text,
            self.row_line,
            cells=tuple(self.cells),
            header=self.header,
            table=self.tables,
            is_quoted=bool(self.quotes),
        )

    def _words(self, token: Token, heading: int) -> None:
        if self.is_cell:
            self.cells.append(" ".join(read_inline(token.content).text.split()))
            return
        start = token.map[0] if token.map else 0
        content, line = token.content, self.first_line + start
        if self.quotes and (found := _CALLOUT.match(content)):
            self.quotes[-1] = True
            content, line = content[found.end() :], line + found[0].count("\n")
        words = read_inline(content)
        if not words.text.strip():
            return
        kind = BlockKind.HEADING if heading else BlockKind.PARAGRAPH
        block = Block(
            kind,
            words.text,
            line,
            heading,
            words.bold,
            words.struck,
            words.italic,
            is_quoted=bool(self.quotes),
            is_callout=any(self.quotes),
        )
        if self.items:
            block = self._in_item(block)
        self.blocks.append(block)

    def _in_item(self, block: Block) -> Block:
        item = self.items[-1]
        if item.index is None:
            item.index = len(self.blocks)
            above = next((outer.index for outer in reversed(self.items[:-1]) if outer.index is not None), None)
            return replace(block, kind=BlockKind.ITEM, level=item.level, parent=above, is_numbered=item.is_numbered)
        return replace(block, parent=item.index) if block.kind is not BlockKind.HEADING else block
