"""The forms of groups: a new one, its words, and a member's forecasts on one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from bot.domain.answers import read_answer
from bot.domain.times import last_day_before
from bot.domain.types import MAX_CRITERIA, Kind, Values
from bot.services.groups.views import GroupRow, GroupView
from bot.services.groups.wording import LONGEST
from bot.services.predictions.views import PredictionView
from bot.ui import text
from bot.ui.items import Interaction
from bot.ui.modals import RetypableForm

LONGEST_ANSWER = 1000
"""The most characters of one answer in the form."""
_HINTS = {
    Kind.BINARY: "70, 70%, 0.7, 7/10 or 7:3",
    Kind.NUMERIC: "12 ± 3, or 8; 12; 20",
    Kind.DATE: "1 Jun 2027 ± 2 weeks",
}


@dataclass(frozen=True, slots=True)
class GroupDraft:
    """A group as it was typed, field by field. `is_cumulative`: None leaves it to the words."""

    title: str = ""
    predictions: str = ""
    criteria: str = ""
    tags: str = ""
    is_cumulative: bool | None = None


class GroupForm(RetypableForm):
    """A new group: what its predictions share, and a line for each."""

    def __init__(self, submit: Callable[[Interaction, GroupDraft], Awaitable[None]], draft: GroupDraft) -> None:
        super().__init__("Add a group")
        self._submit, self._draft = submit, draft
        hint, about = "GPT-6 is released by …", "What they share. Each label goes where the … is, or behind it"
        self._title = self.add_field("Title", value=draft.title, hint=hint, about=about, limit=LONGEST)
        hint = "Q1 2027: 31 Mar 2027\nQ2 2027: 30 Jun 2027"
        about = "A label and a last day, one a line. #12 instead of a day takes what's there"
        self._lines = self.add_field("Predictions", value=draft.predictions, hint=hint, about=about, long=True, limit=1500)
        hint = "How will we know? Be precise enough that two strangers would agree."
        self._criteria = self.add_field(
            "Criteria", value=draft.criteria, hint=hint, long=True, required=False, limit=MAX_CRITERIA
        )
        self._tags = self.add_field("Topics", value=draft.tags, hint="Separated by commas", required=False, limit=400)

    async def take(self, interaction: Interaction) -> None:
        typed = {
            "title": self._title.value,
            "predictions": self._lines.value,
            "criteria": self._criteria.value,
            "tags": self._tags.value,
        }
        await self._submit(interaction, replace(self._draft, **typed))


class WordingForm(RetypableForm):
    """The title of a group, and a label for each of its predictions."""

    def __init__(self, group: GroupView, submit: Callable[[Interaction, str, str], Awaitable[None]]) -> None:
        super().__init__("Rename a group")
        self._submit = submit
        about = "What each prediction states stays as it is"
        self._title = self.add_field("Title", value=group.title, about=about, limit=LONGEST)
        lines = "\n".join(f"{row.label}: #{row.view.code}" for row in group.rows)
        about = "A label and a code, one a line"
        self._lines = self.add_field("Labels", value=lines, about=about, long=True, limit=1500)

    async def take(self, interaction: Interaction) -> None:
        await self._submit(interaction, self._title.value, self._lines.value)


class AnswersForm(RetypableForm):
    """A field for each of up to five predictions of a group. What's left empty stays as it is."""

    def __init__(
        self,
        group: GroupView,
        rows: Sequence[GroupRow],
        submit: Callable[[Interaction, dict[int, Values], list[int]], Awaitable[None]],
    ) -> None:
        super().__init__(group.title)
        self._rows, self._submit = rows, submit
        shown = [_shown(row.view) for row in rows]
        self._shown = [one if len(one) <= LONGEST_ANSWER else "" for one in shown]  # cut, it would be another answer
        self._answers = [
            self.add_field(
                row.label, value=shown, hint=_hint(row.view), about=_about(row), required=False, limit=LONGEST_ANSWER
            )
            for row, shown in zip(rows, self._shown, strict=True)
        ]

    async def take(self, interaction: Interaction) -> None:
        answers: dict[int, Values] = {}
        left_empty: list[int] = []
        for row, field, shown in zip(self._rows, self._answers, self._shown, strict=True):
            view, typed = row.view, field.value.strip()
            if not typed:
                left_empty.append(view.code)
            elif view.own is not None and typed == shown:
                answers[view.code] = view.own.values  # exactly: what the form shows is rounded
            else:
                answers[view.code] = _read(view, typed, locale=str(interaction.locale))
        await self._submit(interaction, answers, left_empty)


def _read(view: PredictionView, typed: str, *, locale: str) -> Values:
    near = () if view.kind.is_distribution else (*(view.own.values if view.own else ()), *view.stated_range.ends)
    return read_answer(typed, kind=view.kind, options=view.options, unit=view.unit, locale=locale, near=near)


def _shown(view: PredictionView) -> str:
    """The member's forecast so far, as it could have been typed."""
    if view.own is None:
        return ""
    if view.kind is Kind.BINARY:
        return text.percent(view.own.values[0])
    if view.kind is Kind.MULTIPLE_CHOICE:
        return "; ".join(f"{name}: {text.percent(value)}" for name, value in zip(view.options, view.own.values, strict=True))
    return "; ".join(text.single_text(view.kind, value) for value in view.own.values)


def _hint(view: PredictionView) -> str:
    return _HINTS.get(view.kind) or text.cut("; ".join(f"{name}: 50" for name in view.options[:3]), 100)


def _about(row: GroupRow) -> str:
    view = row.view
    by = "no date yet" if view.resolves_at is None else f"by {text.day(last_day_before(view.resolves_at))}"
    return text.cut(f"#{view.code} · {by}" + (f" · in {view.unit}" if view.unit else ""), 100)
