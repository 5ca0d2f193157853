"""A part of a run beside the same part of its solution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from lstm_widget.capture.record import Array, LayerRun
from lstm_widget.equations import Solution

FINEST = np.dtype(np.float64)
"""For what is small, or what decides."""


@dataclass(frozen=True)
class Part:
    """What is compared at once, and how finely.

    Attributes
    ----------
    run : LayerRun
    solution : dict of str to (sample, timestep, unit)
    sound : (sample, timestep, 1) of bool
        Timesteps before any overflow (`rounding.sound`).
    dtype : dtype
        In which the comparison itself computes.
    drift : (sample, unit)
        Bound of the error of c before the first timestep; an LSTM's claims replace it by that after the last.
    """

    run: LayerRun
    solution: Solution
    sound: Array
    dtype: np.dtype[Any]
    drift: Array

    def wide(self, values: Array) -> Array:
        """Give the values in the dtype of the comparison."""
        return values.astype(self.dtype, copy=False)

    @property
    def computed(self) -> Array:
        """Where the layer computed something, before any overflow."""
        return self.sound if self.run.mask is None else self.sound & self.run.mask[..., None]
