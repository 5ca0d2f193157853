"""Which units remember alike."""

from __future__ import annotations

import numpy as np

from lstm_widget.analysis.memory import computed, memory_of
from lstm_widget.capture.record import Array
from lstm_widget.layer_trace import LayerTrace


def similarity(layer: LayerTrace, sample: int, unit: int) -> Array:
    """Give the correlation of each unit's memory with that of one unit, along the timesteps that are not masked.

    Parameters
    ----------
    layer : LayerTrace
    sample : int
    unit : int
        Whom the others are compared with.

    Returns
    -------
    (unit,)
        Pearson's, -1 to 1; NaN where it has no meaning: a memory that never moves, or one that is not finite.

    Examples
    --------
    >>> import lstm_widget as lw
    >>> float(similarity(lw.example().only, 0, 3)[3].round(6))
    1.0
    """
    states = layer[memory_of(layer)][sample][computed(layer, sample)].astype(np.float64)
    if not len(states):
        return np.full(layer.units, np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        # Halved, and scaled to 1: neither the difference nor the squares of the largest numbers overflow.
        moved = states / 2 - states[0] / 2
        moved /= np.abs(moved).max(axis=0)
        moved -= moved.mean(axis=0)
        lengths = np.sqrt(np.square(moved).sum(axis=0))
        correlation: Array = (moved[:, unit] @ moved) / (lengths * lengths[unit])
    return np.clip(correlation, -1, 1)


def similar_units(layer: LayerTrace, sample: int, unit: int) -> Array:
    """Order the units by `similarity` to one, most alike first: itself, and last those that cannot be compared."""
    alike = np.nan_to_num(similarity(layer, sample, unit), nan=-2)
    alike[unit] = 2
    order: Array = np.argsort(-alike, kind="stable")
    return order
