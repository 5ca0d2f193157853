"""A run as rows, a timestep of a sample each: what is known of every step needs no order in time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lstm_widget.capture.record import Array


@dataclass(frozen=True)
class Rows:
    """Read and write (sample, timestep, ...) arrays by row numbers.

    Attributes
    ----------
    samples, timesteps : int
    """

    samples: int
    timesteps: int

    def __len__(self) -> int:
        return self.samples * self.timesteps

    def previous(self, states: Array, initial: Array, rows: slice) -> Array:
        """Give the state that each row was handed; states must be contiguous."""
        flat = states.reshape(len(self), -1)
        # Before the first row of all there is none; its place is filled below, as that of each sample's first.
        handed: Array = flat[np.maximum(np.arange(rows.start, rows.stop) - 1, 0)]
        first = np.arange(-(-rows.start // self.timesteps), -(-rows.stop // self.timesteps))
        handed[first * self.timesteps - rows.start] = initial[first]
        return handed

    def write(self, values: Array, rows: slice, block: Array) -> None:
        """Write a block where these rows are."""
        if values.flags.c_contiguous:
            values.reshape(len(self), -1)[rows] = block
        else:
            values[np.divmod(np.arange(rows.start, rows.stop), self.timesteps)] = block
