"""How fast it is: `make bench`, or `python -m tests.bench --help`."""

from __future__ import annotations

import argparse

from rich.console import Console

from tests.bench import exporting, pictures, scoring, searching


def main() -> None:
    """Measure all, or one thing."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--predictions", type=int, default=100_000, metavar="N", help="how many to search")
    parser.add_argument("--only", choices=["pictures", "scoring", "exporting", "sqlite", "postgresql"])
    asked = parser.parse_args()
    console = Console(width=120)
    if asked.only in (None, "pictures"):
        pictures.report()
    if asked.only in (None, "scoring"):
        scoring.measure(console)
    if asked.only in (None, "exporting"):
        exporting.measure(console)
    if asked.only not in ("pictures", "scoring", "exporting"):
        searching.measure(console, predictions=asked.predictions, only=asked.only)


if __name__ == "__main__":
    main()
