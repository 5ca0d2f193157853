"""Which units remember alike."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce

import numpy as np

from lstm_widget.analysis.memory import computed, memory_of
from lstm_widget.analysis.stretches import stretches
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
        Pearson's, -1 to 1; NaN where it has no meaning: a memory that never moves, one that is not finite, or none.

    Examples
    --------
    >>> import lstm_widget as lw
    >>> float(similarity(lw.example().only, 0, 3)[3].round(6))
    1.0
    """
    counted = computed(layer, sample)
    memory = memory_of(layer)
    if memory is None or not counted.any():
        return np.full(layer.units, np.nan)
    states = layer[memory]
    first = states[sample, int(counted.argmax())].astype(np.float64)

    def moved() -> Iterator[Array]:
        # Halved, and then scaled to 1: neither the difference nor the squares of the largest numbers overflow.
        for steps in stretches(layer):
            yield states[sample, steps][counted[steps]].astype(np.float64) / 2 - first / 2

    with np.errstate(invalid="ignore", divide="ignore"):
        scale = reduce(np.maximum, (np.abs(piece).max(axis=0, initial=0) for piece in moved()))
        mean = sum((piece / scale).sum(axis=0) for piece in moved()) / counted.sum()
        squares, products = np.zeros(layer.units), np.zeros(layer.units)
        for piece in moved():
            centred = piece / scale - mean
            squares += np.square(centred).sum(axis=0)
            products += centred[:, unit] @ centred
        correlation: Array = products / np.sqrt(squares) / np.sqrt(squares[unit])
    return np.clip(correlation, -1, 1)


def similar_units(layer: LayerTrace, sample: int, unit: int) -> Array:
    """Order the units by `similarity` to one, most alike first: itself, and last those that cannot be compared."""
    alike = np.nan_to_num(similarity(layer, sample, unit), nan=-2)
    alike[unit] = 2
    order: Array = np.argsort(-alike, kind="stable")
    return order
