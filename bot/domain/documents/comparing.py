"""Everything that a file's own parts say about each other: what is stored against what the forecasts give, what is missing, the log
against the result, the votes against their rule, who is who, and the seal. It counts what it compared, for "nothing differs" says
nothing where nothing was there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.domain.audit import Audit
from bot.domain.cases import CaseResult
from bot.domain.documents.export import ExportFile, PredictionEntry
from bot.domain.documents.export_log import log_differences, votes_counted
from bot.domain.documents.export_reading import Export
from bot.domain.documents.export_stored import Seal
from bot.domain.documents.results import SCORE_FIELDS, Difference, differences, score_documents
from bot.domain.leaderboard import Ranking

ALL_TIME = "all time"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was compared, and where it differs. `predictions` counts those that have their scores, `scores` the rows of these, `steps`
    those of the crowds, `logs` the predictions whose log was read against their result, `votes` the counts of ballots in them."""

    predictions: int
    scores: int
    steps: int
    rankings: int
    logs: int
    votes: int
    seal: str | None
    differences: tuple[Difference, ...]

    @property
    def is_anything_compared(self) -> bool:
        """Whether the file holds anything that could have differed."""
        return bool(self.predictions or self.steps or self.rankings or self.logs or self.seal)

    def __str__(self) -> str:
        """What was compared, in one sentence."""
        counts = (
            (self.scores, "score", f" of {self.predictions} prediction{'' if self.predictions == 1 else 's'}"),
            (self.steps, "crowd step", ""),
            (self.rankings, "ranking", ""),
            (self.logs, "log", ""),
            (self.votes, "vote", ""),
        )
        said = [f"{count:,} {noun}{'' if count == 1 else 's'}{of}" for count, noun, of in counts]
        seal = "the file has no seal" if self.seal is None else f"seal {self.seal}"
        return f"Compared: {', '.join(said)}; {seal}."


def compare(export: Export, audited: Audit) -> Comparison:
    """Compare all of a file. What an export must hold is asked of whatever comes from a guild or holds anything stored."""
    file = export.file
    pairs = list(zip(file.predictions, audited.cases, strict=True))
    found = differences(file, audited)
    if _is_export(file):
        for position, (entry, result) in enumerate(pairs):
            found += _missing(entry, result, f"predictions[{position}]")
        found += _missing_rankings(file, audited)
    is_guilds = file.guild is not None or file.seal is not None  # a list made by hand needs no names and no log
    if is_guilds:
        found += _people(file, export)
    logs = votes = 0
    for position, entry in enumerate(file.predictions):
        if is_guilds or "events" in entry.model_fields_set:
            found += log_differences(entry, f"predictions[{position}]")
            logs += entry.resolution is not None
            votes += votes_counted(entry)
    if file.seal is not None and export.sealed is not None:
        found += _seal_differences(file.seal, export.sealed)
    stored = [entry for entry in file.predictions if entry.scores is not None]
    crowds = [crowd for entry in file.predictions for crowd in (entry.crowd, entry.experienced) if crowd is not None]
    histories = [crowd.history for crowd in crowds if crowd.history is not None]
    return Comparison(
        predictions=len(stored),
        scores=sum(len(entry.scores or ()) for entry in stored),
        steps=sum(len(history.times) for history in histories),
        rankings=len(file.leaderboards or ()),
        logs=logs,
        votes=votes,
        seal=None if file.seal is None else file.seal.sha256,
        differences=tuple(found),
    )


def _is_export(file: ExportFile) -> bool:
    """Whether this is a guild's record, rather than a list of forecasts that someone wants scored."""
    has_stored = any(entry.scores is not None or entry.crowd or entry.experienced for entry in file.predictions)
    return file.guild is not None or file.seal is not None or bool(file.leaderboards) or has_stored


def _missing(entry: PredictionEntry, result: CaseResult, where: str) -> Iterator[Difference]:
    """What the forecasts give and the file has not."""
    if entry.hidden and entry.resolution is not None:
        yield Difference(f"{where}.hidden", True, "False: what is resolved is shown")
    computed = score_documents(result)
    if entry.scores is None and computed:
        yield Difference(f"{where}.scores", None, f"{len(computed)} rows")
    ours = {(row["role"], row["forecaster"]): row for row in computed}
    for row in entry.scores or ():
        given = ours.get((row.role, row.forecaster), {})
        for name in SCORE_FIELDS:
            if given.get(name) is not None and name not in row.model_fields_set:
                yield Difference(f"{where}.scores[{row.role}:{row.forecaster}].{name}", None, given[name])
    steps = len(result.crowd.times)
    if steps and not entry.hidden:
        if entry.crowd is None:
            yield Difference(f"{where}.crowd", None, f"{steps} steps")
        elif entry.crowd.history is None:
            yield Difference(f"{where}.crowd.history", None, f"{steps} steps")
    if result.experienced is not None and not entry.hidden:
        if entry.experienced is None:
            yield Difference(f"{where}.experienced", None, f"{len(result.experienced.said)} steps")
        elif entry.experienced.history is None:
            yield Difference(f"{where}.experienced.history", None, f"{len(result.experienced.said)} steps")


def _missing_rankings(file: ExportFile, audited: Audit) -> Iterator[Difference]:
    counted = {result.case.id for result in audited.cases if result.counts}
    complete: set[str] = set()
    for position, board in enumerate(file.leaderboards or ()):
        if board.name not in (None, ALL_TIME):
            continue
        complete.add(board.by)
        if board.predictions is not None and (left_out := counted - set(board.predictions)):
            yield Difference(f"leaderboards[{position}].predictions", None, ", ".join(sorted(left_out)))
    for by in Ranking:
        if by not in complete and audited.rankings[by]:
            yield Difference(f"leaderboards[{by}]", None, f"{len(audited.rankings[by])} lines")


def _people(file: ExportFile, export: Export) -> Iterator[Difference]:
    """Whoever is named is in the list of who is who, once, and by one name."""
    names: dict[str, str | None] = {}
    for position, person in enumerate(file.forecasters):
        if person.id in names:
            yield Difference(f"forecasters[{position}].id", person.id, "someone once")
        names[person.id] = person.name
    if not names:
        return
    for position, (entry, case) in enumerate(zip(file.predictions, export.cases, strict=True)):
        told = [*case.member_ids, *case.author_ids, *(row.forecaster for row in entry.scores or ())]
        told += [event.forecaster for event in entry.events if event.forecaster is not None]
        for name in sorted(set(told) - names.keys()):
            yield Difference(f"predictions[{position}]", f"forecaster {name}", "nobody of that id in forecasters")
    for position, board in enumerate(file.leaderboards or ()):
        for line in board.standings:
            if line.name is not None and line.name != names.get(line.forecaster):
                yield Difference(
                    f"leaderboards[{position}][{line.role}:{line.forecaster}].name", line.name, names.get(line.forecaster)
                )


def _seal_differences(stored: Seal, computed: Seal) -> Iterator[Difference]:
    for name in [*stored.predictions, *(name for name in computed.predictions if name not in stored.predictions)]:
        theirs, ours = stored.predictions.get(name), computed.predictions.get(name)
        if theirs != ours:
            yield Difference(f"seal of prediction {name}", _short(theirs), _short(ours))
    for part in ("forecasters", "leaderboards"):
        if getattr(stored, part) != getattr(computed, part):
            yield Difference(f"seal of {part}", _short(getattr(stored, part)), _short(getattr(computed, part)))
    if stored.sha256 != computed.sha256:
        yield Difference("seal", stored.sha256, computed.sha256)


def _short(digest: Any) -> str | None:
    return None if digest is None else f"{digest:.12}…"
