"""How long a unit keeps what it holds."""

from __future__ import annotations

import numpy as np

from lstm_widget.analysis.change import busiest_units
from lstm_widget.analysis.memory import computed
from lstm_widget.capture.record import Array
from lstm_widget.layer_trace import LayerTrace

_KEEPS = {"lstm": "forget_gate", "gru": "update_gate"}
"""What multiplies the memory at each timestep; a simple cell has nothing of the kind."""
_NUMBERS = 1 << 22
"""Held at once."""


def half_life(layer: LayerTrace, sample: int) -> Array:
    """Give the timesteps after which half of a unit's memory is left, at its median f (z of a GRU).

    Parameters
    ----------
    layer : LayerTrace
    sample : int

    Returns
    -------
    (unit,)
        ``ln 2 / -ln f``: infinite at f >= 1, 0 at f <= 0. NaN where there is no f: all of it is masked or NaN,
        it was not kept, or the cell is a simple one.

    Examples
    --------
    >>> import lstm_widget as lw
    >>> half_life(lw.example().only, 0).shape
    (8,)
    """
    lives = np.full(layer.units, np.nan)
    keeper = _keeper(layer)
    if keeper is None:
        return lives
    counted = computed(layer, sample)
    # A median needs all timesteps at once, so it is the units that are taken a few at a time.
    few = max(1, _NUMBERS // layer.timesteps)
    for first in range(0, layer.units, few):
        kept = layer[keeper][sample, :, first : first + few][counted]
        # NumPy warns of a median of nothing.
        known = ~np.isnan(kept).all(axis=0)
        f = np.clip(np.nanmedian(kept[:, known], axis=0).astype(np.float64), 0, 1)
        with np.errstate(divide="ignore"):
            # Not -log(f): at f = 1 that is minus zero, and the quotient minus infinity.
            lives[first : first + few][known] = np.log(2) / np.abs(np.log(f))
    return lives


def longest_lived_units(layer: LayerTrace, sample: int) -> Array:
    """Order the units by `half_life`, longest first; by `change` where there is no f."""
    if _keeper(layer) is None:
        return busiest_units(layer, sample)
    order: Array = np.argsort(-np.nan_to_num(half_life(layer, sample), nan=-1, posinf=np.inf), kind="stable")
    return order


def _keeper(layer: LayerTrace) -> str | None:
    keeper = _KEEPS.get(layer.cell)
    return keeper if keeper and layer.keeps(keeper) else None
