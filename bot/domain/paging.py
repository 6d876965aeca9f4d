"""Lists that are shown page by page."""

from __future__ import annotations


def page_within(total: int, *, size: int, wanted: int) -> tuple[int, int]:
    """The number of the page to show, from 0, and how many there are, at least 1. Past either end comes the page at that end."""
    pages = max(1, -(-total // size))
    return min(max(wanted, 0), pages - 1), pages
