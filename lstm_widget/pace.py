"""Work that may take no more than its share of the time."""

from __future__ import annotations

import time
from collections.abc import Callable

_SHARE = 20
"""A twentieth: a training that is watched takes as good as no longer than one that is not."""


class Pace:
    """Runs work, unless it ran too recently for what it costs."""

    def __init__(self) -> None:
        self._next = 0.0

    def run(self, work: Callable[[], object], *, at_once: bool) -> None:
        """Do the work now, or leave it to the next time; with ``at_once`` now, whatever it costs."""
        start = time.monotonic()
        if not at_once and start < self._next:
            return
        work()
        end = time.monotonic()
        self._next = end + _SHARE * (end - start)
