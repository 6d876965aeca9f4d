"""What the command line prints. Documents and file names can hold anything; nothing of it reaches the terminal as a command."""

from __future__ import annotations

import sys

from bot.domain.texts import for_terminal


def say(words: object, *, is_error: bool = False) -> None:
    """Print a line to the terminal, or to standard error."""
    print(for_terminal(str(words)), file=sys.stderr if is_error else sys.stdout)
