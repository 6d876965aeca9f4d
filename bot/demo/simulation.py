"""The simulated Discord, as patient at the bot's start as everywhere else."""

from __future__ import annotations

from typing import Any

import simcord


class Simulation(simcord.Env):
    """simcord gives a bot five seconds to come to rest after it has started, whatever `settle_timeout` says.

    A busy machine takes longer to open a database.
    """

    async def _settle_internal(self, *, timeout: float | None = None, **more: Any) -> None:  # noqa: ASYNC109
        patience = None if timeout is None else max(timeout, self.settle_timeout)
        await super()._settle_internal(timeout=patience, **more)
