"""PredictionBook's JSON: the answer of /api/my_predictions, one page or several in a list, or a list of predictions.

Its fields are those of `app/serializers` and `api/my_predictions_controller.rb` in github.com/bellroy/predictionbook. It
doesn't say when a prediction was judged. Of a person it gives the id, the name and an address, which we don't read.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar

from bot.domain.documents.platforms.drafting import (
    FileDraft,
    PlatformForecast,
    UnreadableValue,
    counted,
    pack_name,
    read_moment,
    window,
)
from bot.domain.documents.platforms.objects import Object, as_list, as_object, as_text
from bot.domain.documents.reading import FileReading
from bot.domain.times import LAST_YEAR

T = TypeVar("T")
ADDRESS = "https://predictionbook.com/predictions/"


def predictions_of(data: Any) -> list[tuple[str, Object]] | None:
    """The predictions in the data, each with its place; None if it isn't from PredictionBook."""
    pages = as_list(data) or [data]
    if all(_is_prediction(item) for item in pages):
        return [(f"[{index}]", as_object(item)) for index, item in enumerate(pages)]
    found: list[tuple[str, Object]] = []
    for number, page in enumerate(pages):
        items = as_list(as_object(page).get("predictions"))
        user = as_object(page).get("user")
        if not isinstance(user, dict) and not any(_is_prediction(item) for item in items):
            return None
        if items and not any(_is_prediction(item) for item in items):
            return None
        place = f"[{number}].predictions" if len(pages) > 1 else "predictions"
        found += [(f"{place}[{index}]", as_object(item)) for index, item in enumerate(items)]
    return found or None


def read_predictionbook(
    data: Any, found: list[tuple[str, Object]], *, file: str, today: date, author: str | None = None
) -> FileReading:
    """Read what `predictions_of` found. `author` names the person whose forecasts to take, if the file doesn't say."""
    draft = FileDraft(file, "PredictionBook")
    person = _author(draft, data, found, author)
    if person is None:
        return draft.reading(today=today, author=None, slug=None, title="PredictionBook")
    name, user_id = person
    others = hidden = withdrawn = 0
    for place, item in {as_text(item.get("id")) or place: (place, item) for place, item in found}.values():
        if item.get("withdrawn") is True:
            withdrawn += 1
            continue
        hidden += as_text(item.get("visibility")) not in ("", "visible_to_everyone")
        others += _take(draft, place, item, user_id)
    if withdrawn:
        draft.leave_out(counted(withdrawn, "prediction"), "withdrawn on PredictionBook")
    if others:
        draft.leave_out(counted(others, "forecast") + " of other people", "only the exporter's own are taken")
    if hidden:
        what = f"{counted(hidden, 'prediction')} not visible to everyone on PredictionBook; loading shows them to the server"
        draft.warn(1, "visibility", what)
    return draft.reading(
        today=today,
        author=name,
        slug=pack_name("predictionbook", name),
        title=f"PredictionBook predictions of {name}",
        url="https://predictionbook.com",
    )


def _is_prediction(item: Any) -> bool:
    return {"description", "deadline", "responses"} <= as_object(item).keys()


def _author(draft: FileDraft, data: Any, found: list[tuple[str, Object]], author: str | None) -> tuple[str, str] | None:
    """The name and id of the person these predictions belong to."""
    names: dict[str, str] = {}
    for _, item in found:
        if creator := as_text(item.get("creator_id")):
            names.setdefault(creator, as_text(item.get("creator_label")) or f"user {creator}")
        for response in as_list(item.get("responses")):
            told = as_object(response)
            if user := as_text(told.get("user_id")):
                names[user] = as_text(told.get("user_label")) or names.get(user) or f"user {user}"
    for page in as_list(data) or [data]:
        user = as_object(as_object(page).get("user"))
        if author is None and (user_id := as_text(user.get("user_id"))):
            return as_text(user.get("name")) or names.get(user_id) or f"user {user_id}", user_id
    creators = {as_text(item.get("creator_id")) for _, item in found} if author is None else set[str]()
    chosen = [user for user, name in names.items() if name == author] if author is not None else sorted(creators - {""})
    if len(chosen) == 1:
        return names[chosen[0]], chosen[0]
    draft.refuse(1, "user", "doesn't say whose predictions these are; name the person with --author, spelled as in the file")
    return None


def _take(draft: FileDraft, place: str, item: Object, user_id: str) -> int:
    """Take one prediction; returns how many of its forecasts are other people's."""
    identifier = as_text(item.get("id"))
    if not identifier:
        draft.refuse(1, f"{place}.id", "is missing; every prediction needs one")
        return 0
    outcome = item.get("outcome")
    if outcome is not None and not isinstance(outcome, bool):
        draft.refuse(1, f"{place}.outcome", f"is {outcome!r:.40}; it must be true, false or null")
        return 0
    made: list[PlatformForecast] = []
    others = 0
    for index, response in enumerate(as_list(item.get("responses"))):
        told = as_object(response)
        if (confidence := told.get("confidence")) is None:
            continue  # a comment
        where = f"{place}.responses[{index}]"
        if isinstance(confidence, bool) or not isinstance(confidence, int | float) or not 0 <= confidence <= 100:
            draft.refuse(1, f"{where}.confidence", f"is {confidence!r:.40}; it must be a percentage from 0 to 100")
        elif as_text(told.get("user_id")) != user_id:
            others += 1
        elif (at := _read(draft, f"{where}.created_at", read_moment, as_text(told.get("created_at")))) is not None:
            made.append(PlatformForecast(at, (confidence / 100,)))
    deadline = as_text(item.get("deadline"))
    is_endless = deadline[:4].isdecimal() and int(deadline[:4]) > LAST_YEAR
    ends: datetime | None = None
    if deadline and not is_endless:
        ends = _read(draft, f"{place}.deadline", read_moment, deadline)
    created = _read(draft, f"{place}.created_at", read_moment, as_text(item.get("created_at")))
    draft.add(
        1,
        id=f"pb-{identifier}",
        title=as_text(item.get("description_with_group")) or as_text(item.get("description")),
        created=created,
        outcome=outcome,
        window={"raw": deadline[:40], "basis": f"No date: later than the year {LAST_YEAR}."} if is_endless else window(ends),
        forecasts=draft.forecasts(made, until=None),
        url=f"{ADDRESS}{identifier}" if identifier.isdecimal() else None,
    )
    return others


def _read(draft: FileDraft, place: str, read: Callable[[str], T], text: str) -> T | None:
    try:
        return read(text)
    except UnreadableValue as wrong:
        draft.refuse(1, place, str(wrong))
        return None
