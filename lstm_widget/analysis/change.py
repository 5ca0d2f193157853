"""Where the memory changes: the cell state of an LSTM, the hidden state of any other cell."""

from __future__ import annotations

import numpy as np

from lstm_widget.analysis.memory import memory_of
from lstm_widget.capture.record import Array
from lstm_widget.layer_trace import LayerTrace


def change(layer: LayerTrace, sample: int) -> Array:
    """Give how much each unit's memory moves at each timestep.

    Parameters
    ----------
    layer : LayerTrace
    sample : int

    Returns
    -------
    (timestep, unit)
        ``|c - c_prev|``, in the order in which the layer reads; 0 at masked timesteps and where it is NaN.

    Examples
    --------
    >>> import lstm_widget as lw
    >>> from lstm_widget.analysis.change import change
    >>> layer = lw.example().only
    >>> change(layer, 0).shape == (layer.timesteps, layer.units)
    True
    """
    memory = memory_of(layer)
    states = layer[memory][sample].astype(np.float64)
    with np.errstate(invalid="ignore"):
        moved: Array = np.abs(states - layer.previous(memory, sample))
    return np.nan_to_num(moved, posinf=np.finfo(np.float64).max / max(1, layer.timesteps))


def busiest_units(layer: LayerTrace, sample: int) -> Array:
    """Order the units of a layer by total `change` in a sample, most first."""
    total = change(layer, sample).sum(axis=0)
    order: Array = np.argsort(-total, kind="stable")
    return order
