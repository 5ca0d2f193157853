"""Where a trace is put together, and whether it fits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from lstm_widget import memory
from lstm_widget.capture.record import Array, Cell
from lstm_widget.errors import TraceTooLargeError
from lstm_widget.quantities import QUANTITIES

Allocate = Callable[[str, tuple[int, ...], np.dtype[Any]], Array]


class Room(Protocol):
    """Where a trace is put together: `InMemory`, or `storage.OnDisk`."""

    def free_bytes(self) -> int:
        """Say how many may be taken."""

    def too_large(self, needed: str, free: str) -> str:
        """Say so, and what else could be done."""

    def layer(self, number: int) -> Allocate:
        """Give what makes the arrays of a layer, from a name, a shape and a dtype; they are not filled."""


class InMemory:
    """Room for arrays that no one else needs to find."""

    def free_bytes(self) -> int:
        """Leave the other half to the user."""
        return memory.free_bytes() // 2

    def too_large(self, needed: str, free: str) -> str:
        """Name the way round it."""
        return f"take {needed} and more; half of the free memory is {free}. Stream them to disk, path='trace', or take"

    def layer(self, number: int) -> Allocate:
        """Make them anywhere."""
        del number
        return lambda _, shape, dtype: np.empty(shape, dtype)


class SizeCheck:
    """Add up what will be allocated, and refuse before anything is.

    Parameters
    ----------
    rows : int
        How many rows of the inputs are kept.
    room : Room
    """

    def __init__(self, rows: int, room: Room) -> None:
        self._rows = rows
        self._room = room
        self._sizes: dict[str, int] = {}

    def announce(self, name: str, cell: Cell, shape: tuple[int, int, int]) -> None:
        """Count a layer that is about to run; shape is (samples a row, timesteps, features).

        Raises
        ------
        TraceTooLargeError
            If all layers so far take more than there is room for.
        """
        if name in self._sizes:
            return
        samples, timesteps, features = shape
        numbers = self._rows * samples * timesteps * (len(QUANTITIES[cell.kind]) * cell.units + features)
        self._sizes[name] = numbers * result_dtype(cell).itemsize
        needed, free = sum(self._sizes.values()), self._room.free_bytes()
        if needed > free:
            rows = max(1, int(self._rows * free / 2 / needed))
            msg = (
                f"the gates of {', '.join(map(repr, self._sizes))} for {self._rows:,} rows "
                f"{self._room.too_large(_readable(needed), _readable(free))} "
                f"fewer rows, such as samples=range({rows}), or fewer layers, such as layers=[{name!r}]"
            )
            raise TraceTooLargeError(msg)


def result_dtype(cell: Cell) -> np.dtype[Any]:
    """Give float64 for a layer that computes in it, else float32."""
    return np.dtype(np.float64 if cell.kernel.dtype == np.float64 else np.float32)


def _readable(size: float) -> str:
    for unit in ("bytes", "KB", "MB"):
        if size < 1000:  # noqa: PLR2004
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
