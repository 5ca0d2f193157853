"""The numbers of a figure: one sample between two timesteps, thinned in time where paper has no room for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from lstm_widget.capture.record import Array
from lstm_widget.colours import HUES
from lstm_widget.layer_trace import LayerTrace
from lstm_widget.protocol import Span
from lstm_widget.quantities import QUANTITIES
from lstm_widget.serving import blocks, scene

COLUMNS = 2000
"""More than a printer can tell apart in a column of text."""


@dataclass(frozen=True)
class Window:
    """Part of a layer.

    Attributes
    ----------
    layer : LayerTrace
    sample, start, stop : int
    limits : dict of str to (low, high)
        Of each quantity, for colours and tracks.
    """

    layer: LayerTrace
    sample: int
    start: int
    stop: int
    limits: dict[str, tuple[float, float]]
    _found: dict[tuple[Any, ...], tuple[Array, Array, Array]] = field(default_factory=dict, init=False, compare=False)

    @property
    def span(self) -> tuple[int, int]:
        """The timesteps, from and up to."""
        return self.start, self.stop

    @property
    def stride(self) -> int:
        """Timesteps a column."""
        return -(-(self.stop - self.start) // COLUMNS)

    def rows(self, quantity: str, units: list[int]) -> tuple[Array, Array, Array]:
        """Give mean, minimum and maximum as (unit, column)."""
        key = (quantity, *units)
        if key not in self._found:
            values = self.layer[quantity][self.sample, self.start : self.stop]
            found = blocks.thinned(values, self.stride, units)
            self._found[key] = (found[0], found[0], found[0]) if len(found) == 1 else (found[0], found[1], found[2])
        return self._found[key]

    def beyond(self, quantity: str, units: list[int]) -> tuple[bool, bool]:
        """Say whether a number is below the limits, and whether one is above them."""
        _, least, most = self.rows(quantity, units)
        low, high = self.limits[quantity]
        return bool(np.nanmin(least, initial=low) < low), bool(np.nanmax(most, initial=high) > high)

    def hue(self, quantity: str) -> str:
        """Give the colour of a quantity's line and symbol: the same one whatever else was kept."""
        names = [each.name for each in QUANTITIES[self.layer.cell]]
        return HUES[names.index(quantity)]

    def middles(self) -> Array:
        """Give where on the time axis the columns stand."""
        starts = np.arange(self.start, self.stop, self.stride)
        middles: Array = (starts + np.minimum(starts + self.stride, self.stop) - 1) / 2
        return middles

    def masked(self) -> list[Span]:
        """Give the stretches in which the layer computed nothing."""
        mask = self.layer.mask
        spans = scene.masked_spans(None if mask is None else mask[self.sample, self.start : self.stop])
        return [(start + self.start, stop + self.start) for start, stop in spans]

    def strange(self, quantity: str, units: list[int]) -> Array:
        """Say where a number is NaN though its timestep is not masked: (unit, column) of bool."""
        mean, _, _ = self.rows(quantity, units)
        expected = np.zeros(mean.shape[1], bool)
        for start, stop in self.masked():
            # Only columns that are masked as a whole hold no number.
            first, last = -(-(start - self.start) // self.stride), (stop - self.start) // self.stride
            expected[first : mean.shape[1] if stop == self.stop else last] = True
        found: Array = np.isnan(mean) & ~expected
        return found
