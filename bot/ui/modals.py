"""Forms. A form reads what was typed and hands it to the function it was opened with."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import discord
from discord import ui

from bot.domain.answers import read_answer, read_quantiles
from bot.domain.documents.models import FileSource
from bot.domain.documents.review import Correction, as_correction
from bot.domain.errors import Reading, TwoReadings, UserError
from bot.domain.guesses import read_guess
from bot.domain.probabilities import read_option_probabilities, read_probability
from bot.domain.texts import clean_text
from bot.domain.times import read_last_day
from bot.domain.types import MAX_CRITERIA, MAX_REASON, MAX_STATEMENT, Kind, Values
from bot.services.packs.reviewing import ReviewItem
from bot.services.predictions.views import PredictionView
from bot.ui import replies, text
from bot.ui.items import Interaction
from bot.ui.questions import same_text

OPEN_FOR_SECONDS = 1800.0
TYPED = 1500
"""How many characters of what was typed a refused form shows; a file has the rest."""
MAX_FIELDS = 4
"""Up to this many options get a field each, next to the reason. More share one field, one per line."""

Submit = Callable[[Interaction, Values, str | None], Awaitable[None]]
MOMENT, MOMENT_HINT = "When did it become known?", "today, 2 hours ago, 24 Dec 2026 15:00"
_QUANTILES = (
    ("Low", "1 in 10 that it's lower"),
    ("Best guess", "As likely higher as lower"),
    ("High", "1 in 10 that it's higher"),
)
_DATE_QUANTILES = (
    ("Earliest likely date", "1 in 10 that it's earlier"),
    ("Best guess", "As likely earlier as later"),
    ("Latest likely date", "1 in 10 that it's later"),
)
_MARGIN = "Give or take"
MOST_FIELDS = 5
_PREDICTION_FIELDS: dict[str, tuple[str, str | None, int]] = {
    "statement": ("Statement", None, MAX_STATEMENT),
    "options": ("Options", "One per line, or separated by semicolons", 2200),
    "unit": ("Unit", "USD per 1M tokens", 100),
    "by": ("By when", "31 Dec 2026, Q4 2026, 2026 or in 2 weeks", 200),
    "criteria": ("Criteria", "How will we know? Be precise enough that two strangers would agree.", MAX_CRITERIA),
    "expected": ("Expected range", "0 to 100. I ask about forecasts outside it", 120),
    "tags": ("Topics", "Separated by commas", 400),
    "closes": ("Last day for forecasts", "Empty: until its date", 200),
}
"""Label, hint and the most characters of each field of a prediction."""


class Field(ui.TextInput[Any]):
    """A text field. The member may choose how it's read, which then counts instead of what they typed."""

    chosen: str | None = None

    @property
    def value(self) -> str:
        """What it says. Refuses what can't be stored."""
        return clean_text(super().value) if self.chosen is None else self.chosen

    @property
    def typed(self) -> str:
        """What the member typed, for showing it again."""
        return clean_text(super().value, refuse=False)


class RetypableForm(ui.Modal):
    """A form that shows what you typed along with any error, and opens again with it, so that nothing is lost."""

    _made_with: tuple[tuple[Any, ...], dict[str, Any]]

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        """Remember what the form is made with: `again` makes another one."""
        form = super().__new__(cls)
        form._made_with = (args, kwargs)
        return form

    def again(self) -> Self:
        """The same form with what was typed in it. Discord takes each form once."""
        args, kwargs = self._made_with
        return type(self)(*args, **kwargs).filled([field.typed for _, field in self.fields])

    def filled(self, texts: Sequence[str | None]) -> Self:
        """The form with these texts in its fields, from the first on; None leaves a field as it is."""
        for (_, field), words in zip(self.fields, texts, strict=False):
            if words is not None:
                field.default = words[: field.max_length] or None
        return self

    def __init__(self, title: str) -> None:
        super().__init__(title=text.cut(title, 45), timeout=OPEN_FOR_SECONDS)
        self.fields: list[tuple[str, Field]] = []

    def add_field(
        self,
        label: str,
        *,
        value: str = "",
        hint: str | None = None,
        about: str | None = None,
        long: bool = False,
        required: bool = True,
        limit: int = 200,
    ) -> Field:
        """Add a text field. `hint` shows while it's empty, `about` always. A value that's longer than `limit` is cut: Discord
        opens no form with more than fits."""
        style = discord.TextStyle.paragraph if long else discord.TextStyle.short
        field = Field(style=style, placeholder=hint, default=value[:limit] or None, required=required, max_length=limit)
        self.add_item(ui.Label(text=text.cut(label, 45), description=about, component=field))
        self.fields.append((label, field))
        return field

    async def take(self, interaction: Interaction) -> None:
        """Do what the form is for. Every form says what that is."""
        raise AssertionError(f"{type(self).__name__} takes nothing")

    async def on_submit(self, interaction: Interaction, /) -> None:
        replies.expect_answer(interaction)
        await self._take(interaction)

    async def _take(self, interaction: Interaction) -> None:
        replies.offer_form(interaction, self.again)
        try:
            await self.take(interaction)
        except UserError as error:
            typed = "\n".join(f"{label}: {field.typed}" for label, field in self.fields if field.typed)
            shown = text.plain_cut(typed, TYPED)
            file = None
            if len(text.plain(typed)) > TYPED:
                file = discord.File(io.BytesIO(typed.encode()), filename="what-you-wrote.txt")
            kept = f"\n**You wrote**\n{shown}" if typed else ""
            await replies.explain(interaction, error, go_on=self._go_on, kept=kept, file=file)

    async def _go_on(self, interaction: Interaction, asked: TwoReadings, reading: Reading) -> None:
        """Submit it again with a reading in the fields that the question was about: one, or the three values of a forecast."""
        fields = [field for _, field in self.fields]
        runs = [fields[at : at + count] for count in (1, 3) for at in range(len(fields) - count + 1)]
        if reading.values is None:
            about = next(run for run in runs if same_text("; ".join(field.value.strip() for field in run), asked.given))
            texts = reading.text.split("; ") if len(about) > 1 else [reading.text]
            for field, chosen in zip(about, texts, strict=True):
                field.chosen = chosen
        await self._take(interaction)

    async def on_error(self, interaction: Interaction, error: Exception, /) -> None:
        await replies.explain(interaction, error)


class ForecastForm(RetypableForm):
    """Exact numbers and a reason, for every kind."""

    def __init__(self, view: PredictionView, submit: Submit) -> None:
        super().__init__(f"#{view.code} {view.statement}")
        self._view, self._submit = view, submit
        self._answers = self._add_answers(view)
        self._shown = [field.default or "" for field in self._answers]
        hint = "Optional. Only you see it until you post it."
        self._reason = self.add_field("Reason", hint=hint, long=True, required=False, limit=MAX_REASON)

    @property
    def takes_one_text(self) -> bool:
        """Whether the whole forecast is one field, as it is in a command."""
        return len(self._answers) == 1

    async def take(self, interaction: Interaction) -> None:
        texts = [field.value for field in self._answers]
        view, locale = self._view, str(interaction.locale)
        if view.own is not None and texts == self._shown:
            values = view.own.values  # exactly: what the form shows is rounded
        elif len(texts) == 1:
            values = read_answer(texts[0], kind=view.kind, options=view.options, locale=locale, scales=False)
        elif view.kind is Kind.MULTIPLE_CHOICE:
            values = read_option_probabilities(texts, locale=locale, scales=False)  # what's stored is scaled
        else:
            near = (*(view.own.values if view.own else ()), *view.stated_range.ends)
            values = read_quantiles(texts, kind=view.kind, unit=view.unit, locale=locale, near=near)
        await self._submit(interaction, values, self._reason.value or None)

    def _add_answers(self, view: PredictionView) -> list[Field]:
        own = view.own.values if view.own else None
        if view.kind is Kind.BINARY:
            return [
                self.add_field("Probability", value=text.percent(own[0]) if own else "", hint="70, 70%, 0.7, 7/10 or 7:3")
            ]
        if view.kind is Kind.MULTIPLE_CHOICE:
            shown = [text.percent(value) for value in own] if own else [""] * len(view.options)
            if len(view.options) <= MAX_FIELDS:
                named = zip(view.options, shown, strict=True)
                return [
                    self.add_field(name, value=value, hint="in percent, adding up to 100", required=False)
                    for name, value in named
                ]
            lines = "\n".join(f"{name}: {value}" for name, value in zip(view.options, shown, strict=True))
            return [self.add_field("Probabilities, one per line, adding up to 100", value=lines, long=True, limit=4000)]
        named, hint = (_DATE_QUANTILES, "1 Mar 2027") if view.kind is Kind.DATE else (_QUANTILES, "12")
        shown = [text.single_text(view.kind, value) for value in own] if own else [""] * 3
        return [
            self.add_field(_in_unit(label, view), value=value, hint=hint, about=about)
            for (label, about), value in zip(named, shown, strict=True)
        ]


class GuessForm(RetypableForm):
    """A number or a date in one guess, and how far off it may be."""

    def __init__(self, view: PredictionView, submit: Submit) -> None:
        super().__init__(f"#{view.code} {view.statement}")
        self._view, self._submit = view, submit
        is_day = view.kind is Kind.DATE
        middle = text.single_text(view.kind, view.own.values[1]) if view.own else ""
        hint, margin = ("1 Jun 2027", "2 weeks, or 3 months") if is_day else ("12", "3")
        self._guess = self.add_field(_in_unit("Best guess", view), value=middle, hint=hint)
        about = "8 in 10 that it's within this, earlier or later" if is_day else "8 in 10 that it's within this, up or down"
        self._margin = self.add_field(_in_unit(_MARGIN, view), hint=margin, about=about)
        hint = "Optional. Only you see it until you post it."
        self._reason = self.add_field("Reason", hint=hint, long=True, required=False, limit=MAX_REASON)

    async def take(self, interaction: Interaction) -> None:
        view = self._view
        near = (*(view.own.values if view.own else ()), *view.stated_range.ends)
        typed = (self._guess.value, self._margin.value)
        values = read_guess(*typed, kind=view.kind, unit=view.unit, locale=str(interaction.locale), near=near)
        await self._submit(interaction, values, self._reason.value or None)


def _in_unit(label: str, view: PredictionView) -> str:
    """Low, in USD: a field's label with the unit, as far as it fits."""
    return text.cut(f"{label}, in {view.unit}", 45) if view.unit else label


@dataclass(frozen=True, slots=True)
class PredictionDraft:
    """A prediction as it was typed, field by field."""

    statement: str = ""
    by: str = ""
    kind: Kind = Kind.BINARY
    criteria: str = ""
    options: str = ""
    unit: str = ""
    expected: str = ""
    """The range of a number or a date."""
    tags: str = ""
    closes: str = ""
    link: str | None = None
    condition: int | None = None
    """The code of the prediction it depends on."""
    is_negated: bool = False
    """It only counts if that one does not come true."""


class PredictionForm(RetypableForm):
    """A new prediction, or new words for an existing one, with the fields of its kind. What has no field stays as it is.

    Discord takes five fields. Where there are more, what was typed already comes first.
    """

    def __init__(
        self,
        title: str,
        submit: Callable[[Interaction, PredictionDraft], Awaitable[None]],
        draft: PredictionDraft,
        *,
        is_new: bool = True,
        needs_date: bool = True,
    ) -> None:
        super().__init__(title)
        self._submit, self._draft = submit, draft
        own = {Kind.MULTIPLE_CHOICE: ["options"], Kind.NUMERIC: ["unit"]}.get(draft.kind, []) if is_new else []
        usual = ["statement", *own, "by", "criteria"]
        further = ["tags", "closes"] if draft.kind.is_distribution else ["expected", "tags", "closes"]
        further.sort(key=lambda name: not getattr(draft, name))
        self._names = [*usual, *further[: MOST_FIELDS - len(usual)]]
        optional = {"criteria", *further, *(() if needs_date else ("by",))}
        for name in self._names:
            label, hint, limit = _PREDICTION_FIELDS[name]
            value = text.cut(getattr(draft, name), limit)
            long = name in ("statement", "criteria", "options")
            self.add_field(label, value=value, hint=hint, long=long, required=name not in optional, limit=limit)

    async def take(self, interaction: Interaction) -> None:
        typed = {name: field.value for name, (_, field) in zip(self._names, self.fields, strict=True)}
        await self._submit(interaction, replace(self._draft, **typed))


class BallotForm(RetypableForm):
    """What goes with a ballot: a link, a comment, and when it happened, or for "too early" the day to check again."""

    def __init__(
        self,
        title: str,
        submit: Callable[[Interaction, str, str, str, str], Awaitable[None]],
        *,
        link: str = "",
        words: str = "",
        new_date: str | None = None,
        asks_moment: bool = False,
    ) -> None:
        super().__init__(title)
        self._submit = submit
        self._new_date = self._moment = None
        if asks_moment:
            self._moment = self.add_field(MOMENT, hint=f"{MOMENT_HINT}. Empty: as it is", required=False)
        if new_date is not None:
            hint = "31 Mar 2027. If empty, in 30 days"
            self._new_date = self.add_field("Check again by", value=new_date, hint=hint, required=False)
        self._link = self.add_field("Link that shows it", value=link, hint="https://…", required=False, limit=500)
        self._words = self.add_field("Comment", value=words, long=True, required=False, limit=MAX_REASON)

    async def take(self, interaction: Interaction) -> None:
        day = self._new_date.value if self._new_date is not None else ""
        moment = self._moment.value if self._moment is not None else ""
        await self._submit(interaction, self._link.value, self._words.value, day, moment)


class ValueForm(RetypableForm):
    """The number or the day that a ballot names."""

    def __init__(self, view: PredictionView, submit: Callable[[Interaction, str, str], Awaitable[None]]) -> None:
        super().__init__(f"Your vote on #{view.code}")
        self._submit, self._moment = submit, None
        is_day = view.kind is Kind.DATE
        hint = "1 Mar 2027" if is_day else text.cut(f"12 ({view.unit})", 100)
        self._value = self.add_field("On which day?" if is_day else "What is the number?", hint=hint)
        if not is_day:
            self._moment = self.add_field(MOMENT, hint=f"{MOMENT_HINT}. Empty: at its date", required=False)

    async def take(self, interaction: Interaction) -> None:
        await self._submit(interaction, self._value.value, self._moment.value if self._moment is not None else "")


class ReminderForm(RetypableForm):
    """When to remind somebody."""

    def __init__(self, code: int, submit: Callable[[Interaction, str], Awaitable[None]]) -> None:
        super().__init__(f"Remind you of #{code}")
        self._submit = submit
        self._when = self.add_field("When?", hint="in 2 weeks, 3 days before, 1 Dec 9am, every Monday", limit=100)

    async def take(self, interaction: Interaction) -> None:
        await self._submit(interaction, self._when.value)


class SettingForm(RetypableForm):
    """The value of one setting, typed."""

    def __init__(self, title: str, hint: str | None, submit: Callable[[Interaction, str], Awaitable[None]]) -> None:
        super().__init__(title)
        self._submit = submit
        self._value = self.add_field(title, hint=hint, limit=100)

    async def take(self, interaction: Interaction) -> None:
        await self._submit(interaction, self._value.value)


class ReasonForm(RetypableForm):
    """A reason, which everyone will read unless the hint says otherwise."""

    def __init__(
        self,
        title: str,
        label: str,
        submit: Callable[[Interaction, str], Awaitable[None]],
        *,
        hint: str = "Everyone can read it.",
        value: str = "",
    ) -> None:
        super().__init__(title)
        self._submit = submit
        self._words = self.add_field(label, value=value, hint=hint, long=True, limit=MAX_REASON)

    async def take(self, interaction: Interaction) -> None:
        await self._submit(interaction, self._words.value)


class ProposalForm(RetypableForm):
    """What happened and when, with a link that shows it. Of a date, the day says when."""

    def __init__(self, view: PredictionView, submit: Callable[[Interaction, str, str, str, str], Awaitable[None]]) -> None:
        super().__init__(f"What happened? #{view.code}")
        self._submit, self._moment = submit, None
        hints = {
            Kind.BINARY: "yes or no",
            Kind.MULTIPLE_CHOICE: text.cut("one of: " + ", ".join(view.options), 100),
            Kind.NUMERIC: text.cut(f"12 ({view.unit})", 100),
            Kind.DATE: "1 Mar 2027",
        }
        self._outcome = self.add_field("What happened", hint=hints[view.kind])
        if view.kind is not Kind.DATE:
            self._moment = self.add_field(MOMENT, hint=MOMENT_HINT)
        self._link = self.add_field("Link that shows it", hint="https://…", required=False, limit=500)
        self._words = self.add_field("Comment", long=True, required=False, limit=MAX_REASON)

    async def take(self, interaction: Interaction) -> None:
        moment = self._moment.value if self._moment is not None else ""
        await self._submit(interaction, self._outcome.value, moment, self._link.value, self._words.value)


class SourceForm(RetypableForm):
    """What a document is called, and who wrote it."""

    def __init__(self, source: FileSource, submit: Callable[[Interaction, str, str], Awaitable[None]]) -> None:
        super().__init__("The document")
        self._submit = submit
        self._title = self.add_field("Title", value=source.title or "", required=False)
        names = ", ".join(source.authors)[:1000]
        hint = "Ann Ames, Ben Bode. Empty: nobody is named"
        self._authors = self.add_field("Who wrote it?", value=names, hint=hint, required=False, limit=1000)

    async def take(self, interaction: Interaction) -> None:
        await self._submit(interaction, self._title.value, self._authors.value)


class CorrectionForm(RetypableForm):
    """What was read in a document, for the reviewer to correct. Only yes-or-no predictions have a probability here."""

    def __init__(self, item: ReviewItem, submit: Callable[[Interaction, Correction], Awaitable[None]]) -> None:
        super().__init__(f"Correct {item.number} of {item.of}")
        self._standing, self._submit = as_correction(item.prediction), submit
        standing = self._standing
        self._shown = "" if standing.probability is None else text.percent(standing.probability)
        self._day = text.day(standing.end) if standing.end else ""
        self._statement = self.add_field("Statement", value=standing.statement, long=True, limit=MAX_STATEMENT)
        self._probability = None
        if item.prediction.kind is Kind.BINARY:
            hint = "70, 70%, 0.7, 7/10 or 7:3. Empty: none"
            self._probability = self.add_field("Probability", value=self._shown, hint=hint, required=False)
        hint = "31 Dec 2026, Q4 2026 or 2026. Empty: none"
        self._by = self.add_field("By when", value=self._day, hint=hint, required=False)
        hint = "yes, no or annulled. Empty: not known yet" if self._probability else "Empty: not known yet"
        self._outcome = self.add_field("What happened", value=standing.outcome or "", hint=hint, required=False)
        hint = "How will we know? Be precise enough that two strangers would agree."
        criteria = standing.criteria or ""
        self._criteria = self.add_field("Criteria", value=criteria, hint=hint, long=True, required=False, limit=MAX_CRITERIA)

    async def take(self, interaction: Interaction) -> None:
        typed = self._probability.value.strip() if self._probability is not None else self._shown
        by, locale = self._by.value.strip(), str(interaction.locale)
        # A field left as it was keeps its exact value: the percentage it shows is rounded.
        probability = (
            self._standing.probability if typed == self._shown else read_probability(typed, locale=locale) if typed else None
        )
        end = self._standing.end if by == self._day else read_last_day(by, locale=locale) if by else None
        criteria = self._criteria.value.strip() or None
        correction = Correction(
            statement=self._statement.value,
            criteria=criteria,
            probability=probability,
            end=end,
            outcome=self._outcome.value.strip() or None,
        )
        await self._submit(interaction, correction)
