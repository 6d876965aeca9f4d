"""Groups of predictions as people type them: a title, and a line for each prediction."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.errors import Refused, shortened
from bot.domain.texts import clean_line

LEAST, MOST, LABEL = 2, 10, 40
"""How many predictions a group has, and how many characters a label."""
FORM = "Write one a line, with its last day: Q1 2027: 31 Mar 2027."

_LINES = re.compile(r"[;\n]")
_BULLET = re.compile(r"^[-*•]\s+")
_CODE = re.compile(r"#\s*(\d{1,9})")
_GAP = re.compile(r"…|\.{3}|_{3,}")
_UNTIL = re.compile(r"\b(by|before|until|till|no later than|within)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A label with the day that was typed behind it, or the code of a prediction that's there already."""

    label: str
    day: str = ""
    code: int | None = None

    @property
    def typed(self) -> str:
        """A line that reads as this one."""
        return f"{self.label}: {self.day}" if self.code is None else f"{self.label}: #{self.code}"


def read_lines(text: str) -> tuple[GroupLine, ...]:
    """`Q1 2027: 31 Mar 2027`, `Q1 2027` for its own last day, or `Q1 2027: #12`; one a line, or with semicolons between them.

    Raises Refused.
    """
    lines = [kept for part in _LINES.split(text) if (kept := _BULLET.sub("", clean_line(part)))]
    check_size(len(lines))
    return check_labels(tuple(_line(line) for line in lines))


def read_labels(text: str) -> tuple[GroupLine, ...]:
    """`Q1 2027: #12`, one a line, for predictions that are in the group already. Raises Refused."""
    lines: list[GroupLine] = []
    for line in (kept for part in text.split("\n") if (kept := clean_line(part))):
        label, _, code = line.rpartition(":")
        if (found := _CODE.fullmatch(code.strip())) is None:
            raise Refused(f"“{shortened(line)}” needs a code behind its label, like this: Q1 2027: #12.")
        lines.append(GroupLine(checked_label(label), code=int(found[1])))
    return check_labels(tuple(lines))


def check_size(number: int) -> None:
    """Refuses too few predictions, and too many."""
    if not LEAST <= number <= MOST:
        raise Refused(f"A group has {LEAST} to {MOST} predictions, and this one would have {number}. {FORM}")


def check_labels(lines: tuple[GroupLine, ...]) -> tuple[GroupLine, ...]:
    """Refuses a label, or a prediction, that comes twice."""
    labels, codes = [line.label.casefold() for line in lines], [line.code for line in lines if line.code is not None]
    if twice := next((line.label for line in lines if labels.count(line.label.casefold()) > 1), None):
        raise Refused(f"“{shortened(twice)}” is there twice. Give each prediction its own label.")
    if again := next((code for code in codes if codes.count(code) > 1), None):
        raise Refused(f"#{again} is there twice. A prediction has one place in a group.")
    return lines


def checked_label(text: str) -> str:
    """A label on one line. Refuses an empty one, and one that's too long."""
    label = clean_line(text)
    if not label:
        raise Refused("A label is missing. Say in a word or two what's special about it, for example Q1 2027.")
    if len(label) > LABEL:
        raise Refused(f"The label “{shortened(label)}” has {len(label)} characters; at most {LABEL} fit. Shorten it.")
    return label


def row_statement(title: str, label: str) -> str:
    """The statement of one prediction: the label fills the title's gap (… or ___), or stands behind it in brackets."""
    return _GAP.sub(lambda _: label, title, count=1) if _GAP.search(title) else f"{title} ({label})"


def is_cumulative(title: str, labels: tuple[str, ...]) -> bool:
    """Whether each date seems to include those before it: "GPT-6 is released by …"."""
    return _UNTIL.search(title) is not None or all(_UNTIL.search(label) for label in labels)


def _line(line: str) -> GroupLine:
    before, colon, behind = line.rpartition(":")
    label, rest = (before, behind.strip()) if colon else (line, "")
    if code := _CODE.fullmatch(rest):
        return GroupLine(checked_label(label), code=int(code[1]))
    if _CODE.fullmatch(line):
        raise Refused(f"{line} needs a label. Write it like this: Q1 2027: {line}.")
    if not colon:
        return GroupLine(checked_label(line), day=line)
    return GroupLine(checked_label(label), day=rest or checked_label(label))
