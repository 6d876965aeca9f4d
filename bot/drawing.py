"""Draws pictures on a thread of their own, beside the event loop: drawing takes a tenth of a second, and matplotlib's first
import takes seconds."""

from __future__ import annotations

import asyncio
import gc
import logging
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from bot.ui.charts.data import CalibrationChart, Chart, Picture
from bot.ui.charts.pictures import draw

log = logging.getLogger(__name__)

MAX_WAITING = 20
"""About three seconds' worth of pictures; a message that comes after them goes without one."""
_KEPT = 16


class Drawing:
    """The thread that draws. Just one, because matplotlib isn't made for several."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="drawing")
        self._waiting = 0
        self._is_warm = self._is_closed = False
        # On the thread too, so that comparing long histories doesn't hold up the loop. A second request for a picture
        # that is being drawn waits behind it and finds it here.
        self._draw = lru_cache(_KEPT)(draw)

    async def draw(self, chart: Chart) -> Picture | None:
        """The picture, or None if it failed or too many are waiting: the message then goes without it."""
        if self._is_closed:
            return None
        if self._waiting >= MAX_WAITING:
            log.warning("%d pictures are waiting, so a %s was left out", self._waiting, type(chart).__name__)
            return None
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._draw, chart)
        except Exception:
            log.exception("drawing a %s failed", type(chart).__name__)
            return None
        finally:
            self._waiting -= 1

    async def warm(self) -> None:
        """Import what drawing needs, and draw once, so the first member to ask doesn't wait. Happens once per process."""
        if self._is_warm:
            return
        self._is_warm = True
        # In a container without a home folder, matplotlib uses a temporary one and says so at every start.
        logging.getLogger("matplotlib").setLevel(logging.ERROR)
        await self.draw(CalibrationChart("", "", ()))
        if not self._is_closed:
            await asyncio.get_running_loop().run_in_executor(self._thread, _settle)

    def close(self) -> None:
        """Stop drawing; a picture in progress is thrown away."""
        self._is_closed = True
        self._thread.shutdown(wait=False, cancel_futures=True)


def _settle() -> None:
    """Exempt what is loaded at the start, mostly matplotlib, from garbage collection. Pictures leave a lot of garbage: a
    full collection came every 25 of them, held the interpreter for 165 ms, and caused the loop's worst lag."""
    gc.collect()
    gc.freeze()
