"""Which units are special in a range of timesteps: the selection of LSTMVis (Strobelt et al., 2018)."""

from __future__ import annotations

import numpy as np

from lstm_widget.analysis.memory import computed
from lstm_widget.analysis.stretches import stretches
from lstm_widget.capture.record import Array
from lstm_widget.layer_trace import LayerTrace


def matches(layer: LayerTrace, sample: int, quantity: str, span: tuple[int, int], threshold: float) -> Array:
    """Give how well each unit does as asked: above the threshold inside of a range, not above it outside.

    Parameters
    ----------
    layer : LayerTrace
    sample : int
    quantity : str
        By name or symbol.
    span : (start, stop)
        The range of timesteps, half-open.
    threshold : float

    Returns
    -------
    (unit,)
        Share of the timesteps at which it does, mean of the share inside and the share outside: else a unit that
        does nothing at all would do well wherever the range is short. Masked timesteps do not count. 1 for a
        unit that always does, 0 for one that is never above inside.

    Examples
    --------
    >>> import lstm_widget as lw
    >>> shares = matches(lw.example().only, 0, "h", (3, 4), 0.2)
    >>> [unit for unit in best_matches(shares) if shares[unit] == 1]
    []
    """
    counted = computed(layer, sample)
    inside = np.zeros(layer.timesteps, bool)
    inside[slice(*span)] = True
    within, outside = inside & counted, ~inside & counted
    over, under = np.zeros(layer.units, int), np.zeros(layer.units, int)
    for steps in stretches(layer):
        values = layer[quantity][sample, steps]
        over += (values[within[steps]] > threshold).sum(axis=0)
        # Not "not above": NaN is on neither side.
        under += (values[outside[steps]] <= threshold).sum(axis=0)
    above = over / max(1, within.sum())
    below = under / outside.sum() if outside.any() else above
    return np.where(above > 0, (above + below) / 2, 0.0)


def best_matches(shares: Array) -> list[int]:
    """Order the units that match at all, best first."""
    return [int(unit) for unit in np.argsort(-shares, kind="stable") if shares[unit] > 0]
