"""Keep a bounded number of steps, evenly spaced, of a training whose length nobody knows."""

from __future__ import annotations

from lstm_widget.errors import InputError


class Thinning:
    """When all places are taken, every second step goes and the distance doubles.

    Parameters
    ----------
    max_steps : int or None
        At least 2; None keeps every step.
    """

    def __init__(self, max_steps: int | None) -> None:
        if max_steps is not None and (type(max_steps) is not int or max_steps < 2):  # noqa: PLR2004
            msg = f"max_steps={max_steps!r}: give how many steps are kept, 2 or more, or leave it out to keep them all"
            raise InputError(msg)
        self._max_steps = max_steps
        self._distance = 1

    def due(self, number: int) -> bool:
        """Say whether this step would be kept."""
        return number % self._distance == 0

    def surplus(self, kept: list[int]) -> list[int]:
        """Give the steps that must go before one more is kept."""
        if self._max_steps is None or len(kept) < self._max_steps:
            return []
        self._distance *= 2
        return [number for number in kept if not self.due(number)]
