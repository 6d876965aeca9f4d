"""The simulated Discord, as patient at the bot's start as everywhere else, and with people who have been there for long."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import simcord

from bot.demo.threads import model_threads

ACCOUNT_AGE = timedelta(days=400)


class Simulation(simcord.Env):
    """simcord gives a bot five seconds to come to rest after it has started, whatever `settle_timeout` says.

    A busy machine takes longer to open a database. And its people have old accounts: it would make them this moment, and the
    age of an account is in its id. `looks_every`: seconds between two looks at whether the bot has come to rest. While a demo
    runs, they leave the scheduler time to start what a click made due.
    """

    def __init__(self, *given: Any, looks_every: float = 0.05, **more: Any) -> None:
        super().__init__(*given, **more)
        self._looks_every = looks_every
        model_threads(self.backend)

    def create_user(self, name: str, *, account_age: timedelta = ACCOUNT_AGE, **more: Any) -> simcord.UserHandle:
        """A person whose account is so old."""
        made = super().create_user(name, **more)
        user = self.backend.users.pop(made.id)
        user.id -= int(account_age / timedelta(milliseconds=1)) << 22
        self.backend.users[user.id] = user
        return simcord.UserHandle(self, user)

    async def _settle_internal(self, **given: Any) -> None:
        if given.get("timeout") is not None:
            given["timeout"] = max(given["timeout"], self.settle_timeout)
        given["idle"] = self._looks_every
        await super()._settle_internal(**given)
