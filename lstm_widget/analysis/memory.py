"""What a unit remembers with: the cell state of an LSTM, the hidden state of any other cell."""

from __future__ import annotations

import numpy as np

from lstm_widget.capture.record import Array
from lstm_widget.layer_trace import LayerTrace
from lstm_widget.quantities import STATES


def memory_of(layer: LayerTrace) -> str:
    """Give the name of the state that is the layer's memory.

    Examples
    --------
    >>> import lstm_widget as lw
    >>> memory_of(lw.example().only)
    'cell_state'
    """
    return STATES[layer.cell][-1]


def computed(layer: LayerTrace, sample: int) -> Array:
    """Give the timesteps at which the layer computed something: (timestep,) of bool, False where masked."""
    return np.ones(layer.timesteps, bool) if layer.mask is None else np.asarray(layer.mask[sample])
