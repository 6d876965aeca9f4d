"""Who may see the crowd of a prediction: blind by default, so that members think for themselves first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Sight:
    """What a reader has done so far. On a public card the reader is nobody, without a forecast."""

    is_open: bool
    has_forecast: bool
    forecasters: int
    now: datetime


@dataclass(frozen=True, slots=True)
class BlindRule:
    """A guild's rule about the numbers of open predictions."""

    is_blind: bool = True
    hides_author: bool = False
    reveal_at_count: int | None = None
    reveal_at: datetime | None = None

    def shows_crowd(self, sight: Sight) -> bool:
        """Whether the crowd may be shown."""
        if not self.is_blind or not sight.is_open or sight.has_forecast:
            return True
        if self.reveal_at_count is not None and sight.forecasters >= self.reveal_at_count:
            return True
        return self.reveal_at is not None and sight.now >= self.reveal_at

    def shows_author(self, sight: Sight) -> bool:
        """Whether the author's stated number may be shown."""
        return not self.hides_author or self.shows_crowd(sight)
