"""Manifold's JSON: markets and bets as in its API's answers and its data dumps, in one file or several in a zip.

The fields are those of `docs/docs/api.md`, `common/src/contract.ts` and `bet.ts` in github.com/manifoldmarkets/manifold; all
moments are milliseconds since 1970. Manifold has no personal export: people save the answers of /v0/bets and /v0/market. A bet
states no probability. We take the probability it left the market at as its maker's forecast, and say so.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.domain.documents.fields import Tag
from bot.domain.documents.platforms.drafting import (
    FileDraft,
    PlatformForecast,
    UnreadableValue,
    counted,
    cut,
    misfit_of,
    pack_name,
    read_unix,
    storable,
    window,
)
from bot.domain.documents.platforms.objects import Object, as_list, as_object, as_text
from bot.domain.documents.reading import FileReading
from bot.domain.outcomes import ANNULLED
from bot.domain.times import LAST_YEAR
from bot.domain.types import MAX_OPTION, Kind

_IMPLIED = "The forecasts are the market's probabilities after the author's trades: Manifold has no others."
_CHOICE_TYPES = ("MULTIPLE_CHOICE", "FREE_RESPONSE")
_TAG: TypeAdapter[str] = TypeAdapter(Tag)
MAX_TAGS = 8


@dataclass(slots=True)
class ManifoldData:
    """What the data holds: markets and bets with their places, and the person they belong to, if it says."""

    markets: list[tuple[str, Object]] = field(default_factory=list[tuple[str, Object]])
    bets: list[tuple[str, Object]] = field(default_factory=list[tuple[str, Object]])
    user: Object = field(default_factory=dict[str, Any])

    def look_into(self, data: Any, place: str = "") -> None:
        """Collect everything from Manifold: a market, a bet, a user, a list of them, or an object with such lists."""
        for where, item in _unfolded(data, place):
            told = as_object(item)
            if {"question", "outcomeType", "createdTime"} <= told.keys():
                self.markets.append((where, told))
            elif {"contractId", "probAfter", "outcome"} <= told.keys():
                self.bets.append((where, told))
            elif {"username", "createdTime", "id"} <= told.keys() and "contractId" not in told:
                self.user = told


def read_manifold(found: ManifoldData, *, file: str, today: date, author: str | None = None) -> FileReading:
    """Read what was found. `author` names the user whose bets to take, if there are several people's."""
    draft = FileDraft(file, "Manifold")
    if not found.markets:
        draft.refuse(1, "", "holds bets without their markets; put /v0/bets and the markets' /v0/market/… in one zip")
        return draft.reading(today=today, author=None, slug=None, title="Manifold")
    name, user_id = _author(draft, found, author)
    own: dict[str, list[tuple[str, Object]]] = defaultdict(list)
    others = 0
    for place, bet in found.bets:
        if as_text(bet.get("userId")) == user_id:
            own[as_text(bet.get("contractId"))].append((place, bet))
        else:
            others += 1
    markets = {as_text(market.get("id")) or place: (place, market) for place, market in found.markets}
    for identifier, (place, market) in markets.items():
        _take(draft, place, market, own.pop(identifier, []))
    if others and user_id:
        draft.leave_out(counted(others, "bet") + " of other people", "only the exporter's own are taken")
    if own:
        what = f"bets on {counted(len(own), 'other market')}"
        draft.leave_out(what, "their markets aren't in the file")
    return draft.reading(
        today=today,
        author=name,
        slug=pack_name("manifold", name),
        title=f"Manifold markets of {name}" if name else "Manifold markets",
        url="https://manifold.markets",
        notes=_IMPLIED if user_id else None,
    )


def _unfolded(data: Any, place: str) -> list[tuple[str, Any]]:
    """The items of a list, of the lists in an object, or the thing itself."""
    if isinstance(data, list):
        return [(f"{place}[{index}]", item) for index, item in enumerate(as_list(data))]
    told = as_object(data)
    if "id" in told or "contractId" in told:
        return [(place, data)]
    found: list[tuple[str, Any]] = []
    for name, value in told.items():
        inner = f"{place}.{name}" if place else name
        if isinstance(value, list):
            found += [(f"{inner}[{index}]", item) for index, item in enumerate(as_list(value))]
        elif isinstance(value, dict):
            found.append((inner, as_object(value)))
    return found


def _author(draft: FileDraft, found: ManifoldData, author: str | None) -> tuple[str | None, str | None]:
    """The name and id of the person whose bets count; (None, None) if there are no bets."""
    names: dict[str, str] = {}
    for _, bet in found.bets:
        user = as_text(bet.get("userId"))
        names[user] = as_text(bet.get("userUsername")) or names.get(user, "")
    if told := as_text(found.user.get("id")):
        names[told] = as_text(found.user.get("username")) or names.get(told, "")
    for _, market in found.markets:
        if (creator := as_text(market.get("creatorId"))) in names and not names[creator]:
            names[creator] = as_text(market.get("creatorUsername"))
    if not found.bets:
        return names.get(told) or None, None
    chosen = [user for user, name in names.items() if author in (name, user)] if author else [told] if told else list(names)
    if len(chosen) != 1:
        draft.refuse(1, "", "holds the bets of several people; choose one with --author and the user name or id")
        return None, None
    return names[chosen[0]] or f"user {chosen[0]}", chosen[0]


def _take(draft: FileDraft, place: str, market: Object, bets: Sequence[tuple[str, Object]]) -> None:
    identifier, kind = as_text(market.get("id")), as_text(market.get("outcomeType"))
    question = as_text(market.get("question"))
    if not identifier:
        draft.refuse(1, f"{place}.id", "is missing; every market needs one")
        return
    if market.get("deleted") is True:
        draft.leave_out(question, "deleted on Manifold")
        return
    if kind != "BINARY" and kind not in _CHOICE_TYPES:
        draft.leave_out(question, f"a market of type {storable(kind)[:40] or 'unknown'} has no probabilities to take")
        return
    created = _moment(draft, f"{place}.createdTime", market.get("createdTime"))
    closes = market.get("closeTime")
    is_endless = isinstance(closes, int | float) and closes > (LAST_YEAR - 1970) * 366 * 86_400_000
    closed = None if closes is None or is_endless else _moment(draft, f"{place}.closeTime", closes)
    facts: dict[str, Any] = {
        "created": created,
        "closed": closed,
        "window": {"basis": f"No date: later than the year {LAST_YEAR}."} if is_endless else window(closed),
        "url": _address(market),
        "tags": _tags(market),
        "criteria": as_text(market.get("textDescription")) or as_text(market.get("description")),
    }
    resolved = _moment(draft, f"{place}.resolutionTime", market["resolutionTime"]) if market.get("resolutionTime") else None
    if kind == "BINARY":
        outcome, notes = _result(as_text(market.get("resolution")), market.get("resolutionProbability"))
        facts |= _told(draft, bets, created, resolved if outcome is not None else None, outcome)
        draft.add(1, id=f"mf-{identifier}", title=question, notes=notes, **facts)
    elif any(as_text(bet.get("answerId")) for _, bet in bets):
        _take_answers(draft, place, market, bets, facts, resolved)
    else:
        _take_choice(draft, market, facts, resolved)


def _take_answers(
    draft: FileDraft,
    place: str,
    market: Object,
    bets: Sequence[tuple[str, Object]],
    facts: dict[str, Any],
    resolved: datetime | None,
) -> None:
    """Each answer the author traded becomes a question of its own: the price of one answer isn't a forecast of them all."""
    identifier, question = as_text(market.get("id")), as_text(market.get("question"))
    by_answer: dict[str, list[tuple[str, Object]]] = defaultdict(list)
    for where, bet in bets:
        by_answer[as_text(bet.get("answerId"))].append((where, bet))
    left = 0
    for index, item in enumerate(as_list(market.get("answers"))):
        answer = as_object(item)
        answer_id = as_text(answer.get("id"))
        if not (mine := by_answer.get(answer_id)):
            left += 1
            continue
        said, share = _answer_result(market, answer, answer_id)
        outcome, notes = _result(said, share)
        known = answer.get("resolutionTime")
        when = _moment(draft, f"{place}.answers[{index}].resolutionTime", known) if known else resolved
        told = _told(draft, mine, facts["created"], when if outcome is not None else None, outcome)
        title = f"{question} — {as_text(answer.get('text'))}"
        draft.add(1, id=f"mf-{identifier}-{answer_id}", title=title, notes=notes, section=storable(question), **facts | told)
    if left:
        draft.leave_out(f"{counted(left, 'answer')} of “{question}”", "the author made no bet on them")


def _take_choice(draft: FileDraft, market: Object, facts: dict[str, Any], resolved: datetime | None) -> None:
    question = as_text(market.get("question"))
    answers = [as_object(item) for item in as_list(market.get("answers"))]
    names = [cut(" ".join(storable(as_text(answer.get("text"))).split()), MAX_OPTION) for answer in answers]
    if market.get("shouldAnswersSumToOne") is False:
        draft.leave_out(question, "its answers don't exclude each other")
    elif (why := misfit_of(names)) is not None:
        draft.leave_out(question, why)
    else:
        results = [_result(*_answer_result(market, answer, as_text(answer.get("id"))))[0] for answer in answers]
        outcome = names[results.index(True)] if results.count(True) == 1 else ANNULLED if ANNULLED in results else None
        told: dict[str, Any] = {
            "outcome": outcome,
            "resolved": _not_before(resolved, facts["created"]) if outcome is not None else None,
        }
        options = [{"name": name} for name in names]
        id = f"mf-{as_text(market.get('id'))}"
        draft.add(1, id=id, title=question, kind=Kind.MULTIPLE_CHOICE, options=options, **facts | told)


def _answer_result(market: Object, answer: Object, answer_id: str) -> tuple[str, Any]:
    """What happened to one answer, in the words for a yes-or-no market."""
    if said := as_text(answer.get("resolution")):
        return said, answer.get("resolutionProbability")
    said = as_text(market.get("resolution"))
    weights = as_object(market.get("resolutions"))
    if not said or said == "CANCEL":
        return said, None
    if weights:
        share = weights.get(answer_id, 0)
        return ("NO", None) if share == 0 else ("YES", None) if share in (1, 100) else ("MKT", None)
    return ("MKT", None) if said in ("MKT", "CHOOSE_MULTIPLE") else ("YES", None) if said == answer_id else ("NO", None)


def _result(said: str, share: Any) -> tuple[bool | str | None, str]:
    """The outcome for the file, and a note if Manifold's has no equivalent here."""
    match said:
        case "":
            return None, ""
        case "YES" | "NO":
            return said == "YES", ""
        case "CANCEL":
            return ANNULLED, ""
        case "MKT":
            part = f" at {100 * share:.3g} %" if isinstance(share, int | float) and 0 <= share <= 1 else ""
            return ANNULLED, f"On Manifold it was resolved in part (MKT{part}), which is neither yes nor no."
        case _:
            return storable(said)[:80], ""


def _told(
    draft: FileDraft, bets: Sequence[tuple[str, Object]], created: datetime | None, resolved: datetime | None, outcome: Any
) -> dict[str, Any]:
    made: list[PlatformForecast] = []
    for place, bet in bets:
        share = bet.get("probAfter")
        if bet.get("isRedemption") is True or bet.get("isAnte") is True or bet.get("amount") == 0:
            continue  # not a trade: an exchange of both sides' shares, the creator's stake, an order nobody took
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
            draft.refuse(1, f"{place}.probAfter", f"is {share!r:.40}; it must be a number from 0 to 1")
        elif (at := _moment(draft, f"{place}.createdTime", bet.get("createdTime"))) is not None:
            made.append(PlatformForecast(at, (float(share),)))
    known = _not_before(resolved, created)
    return {"forecasts": draft.forecasts(made, until=known), "resolved": known, "outcome": outcome}


def _not_before(resolved: datetime | None, created: datetime | None) -> datetime | None:
    return None if resolved and created and resolved < created else resolved


def _moment(draft: FileDraft, place: str, milliseconds: Any) -> datetime | None:
    try:
        return read_unix(milliseconds, per_second=1000)
    except UnreadableValue as wrong:
        draft.refuse(1, place, str(wrong))
        return None


def _address(market: Object) -> str | None:
    address = as_text(market.get("url"))
    return address if re.fullmatch(r"https://manifold\.markets/[!-~]+", address) else None


def _tags(market: Object) -> list[str]:
    tags: list[str] = []
    for slug in as_list(market.get("groupSlugs"))[:MAX_TAGS]:
        try:
            tags.append(_TAG.validate_python(as_text(slug)))
        except ValidationError:
            continue
    return tags
