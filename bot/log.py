"""Logging, set up once. Lines name ids, never tokens, passwords, ballots or private reasons."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Collection

from pythonjsonlogger.json import JsonFormatter

OURS = ("bot", "cogs", "db")
_CHATTY = ("discord.gateway", "discord.client", "apscheduler", "alembic")
_INTERACTION_TOKEN = re.compile(r"(/(?:webhooks|interactions)/\d+/)[^/\s?'\"]+")
"""Discord's addresses that hold one; whoever has it can answer in the bot's name for 15 minutes."""


class Discreet(logging.Formatter):
    """Formats as another formatter does, and leaves out secrets, also from tracebacks."""

    def __init__(self, formatter: logging.Formatter, secrets: Collection[str]) -> None:
        super().__init__()
        self._formatter = formatter
        self._secrets = sorted((secret for secret in secrets if secret), key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        line = self._formatter.format(record)
        for secret in self._secrets:
            line = line.replace(secret, "(secret)")
        return _INTERACTION_TOKEN.sub(r"\1(secret)", line)


def set_up_logging(level: str, form: str, *, secrets: Collection[str] = ()) -> None:
    """Log to standard error, as text or as one JSON object per line, without the secrets."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Discreet(_formatter(form), secrets))
    logging.basicConfig(handlers=[handler], force=True)
    set_levels(level)


def set_levels(level: str) -> None:
    """Our own lines from this level on. Libraries' never below INFO: at DEBUG they write whole requests, tokens included."""
    wanted = logging.getLevelNamesMapping()[level]
    logging.getLogger().setLevel(max(wanted, logging.INFO))
    for name in OURS:
        logging.getLogger(name).setLevel(wanted)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(wanted, logging.WARNING))


def _formatter(form: str) -> logging.Formatter:
    if form == "json":
        return JsonFormatter(
            "{asctime}{levelname}{name}{message}", style="{", rename_fields={"asctime": "time", "levelname": "level"}
        )
    return logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
