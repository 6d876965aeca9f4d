"""The seal of an export: SHA-256 of what it holds, part by part, so that a change is found and said where, and of all together,
which fits in a message. Whoever has read that message can tell later whether a file is still the one.

What is hashed is JSON with the keys of every block in order and no spaces. Predictions, forecasts, scores, standings, forecasters and
leaderboards may stand in any order: their own texts are put in order first. `exported_at` is left out, so that the same data has
the same seal.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any, cast

from bot.domain.documents.export_stored import Seal

_UNORDERED = ("forecasts", "scores", "standings")


def prediction_digest(entry: dict[str, Any]) -> str:
    """Of one prediction, as it is in the file."""
    return _digest(_text(entry))


def seal(
    guild: dict[str, Any] | None,
    *,
    predictions: dict[str, str],
    forecasters: Sequence[dict[str, Any]],
    leaderboards: Sequence[dict[str, Any]],
) -> Seal:
    """The seal of a file: `guild` and the lists as they are in it, and each prediction's own digest by its id."""
    people, boards = _digest(_texts(forecasters)), _digest(_texts(leaderboards))
    everything = _digest(_json([guild, predictions, people, boards]))
    return Seal(sha256=everything, predictions=predictions, forecasters=people, leaderboards=boards)


def seal_of(data: dict[str, Any], ids: Sequence[str]) -> Seal:
    """The seal that a file should have; `ids` are those of its predictions in the file's order."""
    digests = [prediction_digest(entry) for entry in data["predictions"]]
    return seal(
        data.get("guild"),
        predictions=dict(zip(ids, digests, strict=True)),
        forecasters=data.get("forecasters") or [],
        leaderboards=data.get("leaderboards") or [],
    )


def _text(block: dict[str, Any]) -> str:
    listed = {name: block[name] for name in _UNORDERED if isinstance(block.get(name), list)}
    rest = {name: value for name, value in block.items() if name not in listed}
    return _json(rest) + "".join(f"\n{name}:{_texts(cast('list[Any]', rows))}" for name, rows in sorted(listed.items()))


def _texts(rows: Iterable[Any]) -> str:
    texts = [_text(cast("dict[str, Any]", row)) if isinstance(row, dict) else _json(row) for row in rows]
    return "\n".join(sorted(texts))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
