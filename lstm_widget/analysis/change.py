"""Where the memory changes: what `lstm_widget.analysis.memory.memory_of` reads it from."""

from __future__ import annotations

import weakref

import numpy as np

from lstm_widget.analysis.memory import memory_of
from lstm_widget.analysis.stretches import stretches
from lstm_widget.capture.record import Array
from lstm_widget.layer_trace import LayerTrace

_orders: weakref.WeakKeyDictionary[LayerTrace, dict[int, Array]] = weakref.WeakKeyDictionary()
"""Read once: of a long trace that takes longer than all else that a widget needs to open, which asks for it twice."""


def change(layer: LayerTrace, sample: int, timesteps: slice = slice(None), units: slice = slice(None)) -> Array:
    """Give how much each unit's memory moves at each timestep.

    Parameters
    ----------
    layer : LayerTrace
    sample : int
    timesteps, units : slice, optional
        Only of these.

    Returns
    -------
    (timestep, unit)
        ``|c - c_prev|``, in the order in which the layer reads; 0 at masked timesteps, where it is NaN, and
        where no state was kept.

    Examples
    --------
    >>> import lstm_widget as lw
    >>> from lstm_widget.analysis.change import change
    >>> layer = lw.example().only
    >>> change(layer, 0).shape == (layer.timesteps, layer.units)
    True
    """
    memory = memory_of(layer)
    if memory is None:
        return np.zeros([len(range(size)[part]) for size, part in ((layer.timesteps, timesteps), (layer.units, units))])
    before = layer.previous(memory, sample, timesteps, units)
    with np.errstate(invalid="ignore"):
        moved = np.subtract(layer[memory][sample, timesteps, units], before, dtype=np.float64)
        np.abs(moved, out=moved)
    # A sum is one pass, and finite only if all are.
    if not np.isfinite(moved.sum()):
        np.nan_to_num(moved, copy=False, posinf=np.finfo(np.float64).max / max(1, layer.timesteps))
    return moved


def busiest_units(layer: LayerTrace, sample: int) -> Array:
    """Order the units of a layer by total `change` in a sample, most first."""
    known = _orders.setdefault(layer, {})
    if sample not in known:
        total = sum(change(layer, sample, steps).sum(axis=0) for steps in stretches(layer))
        known[sample] = np.argsort(-total, kind="stable")
    return known[sample]


def busiest_timestep(layer: LayerTrace, sample: int, unit: int) -> int:
    """Give the timestep of the largest `change` of a unit."""
    return int(change(layer, sample, units=slice(unit, unit + 1)).argmax())
