"""What a reader hands on: a place in the document that looks like a prediction, with all that was read there."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.domain.documents.prose.probabilities import Stated
from bot.domain.documents.prose.verdict_words import Verdict
from bot.domain.types import Kind, Sureness


@dataclass(frozen=True, slots=True)
class OptionWords:
    """One of several outcomes, as the document has it."""

    name: str
    probability: float | None = None


@dataclass(frozen=True, slots=True)
class Quantiles:
    """A median with the ends of its interval, as the document has them."""

    median: float
    low: float | None
    high: float | None
    unit: str
    raw: str


@dataclass(slots=True, eq=False)
class Candidate:
    """A prediction as found. `words` are all its words; the statement is cut from them later."""

    block: int
    line: int
    words: str
    form: str
    """By what it was found, in words."""
    sureness: Sureness = Sureness.HIGH
    stated: Stated | None = None
    kind: Kind = Kind.BINARY
    options: tuple[OptionWords, ...] = ()
    quantiles: Quantiles | None = None
    verdict: Verdict | None = None
    verbal: str | None = None
    window_words: str | None = None
    made_on: str | None = None
    forecaster: str | None = None
    subject: str | None = None
    criteria: str | None = None
    statement: str | None = None
    """The sentence that predicts, where it is known to be less than `words`."""
    parent: Candidate | None = None
    stretch: tuple[int, int] | None = None
    """Where the words stand in the block's text."""
    is_own: bool = False
    """Whether the author says that the number is theirs, beside others'."""
    is_named: bool = False
    """Whether a line calls it a prediction: "Prediction: ..."."""
    witness: str = ""
    """Who found it."""
    chance: float = 1.0
    """How likely it is a prediction, all evidence weighed."""
    covers: frozenset[int] = frozenset()
    """Blocks that belong to it or to others of the same witness, and are no predictions themselves."""
    forecasts: tuple[tuple[str, float], ...] = ()
    """Who said what, where several people forecast it."""
    notes: list[str] = field(default_factory=list[str])

    @property
    def is_stated(self) -> bool:
        """Whether a number stands with it: a probability, shares of options, a median."""
        return bool(self.stated or self.options or self.quantiles)


@dataclass(frozen=True, slots=True)
class Omission:
    """What looked like a prediction and was not taken."""

    what: str
    reason: str
    line: int
