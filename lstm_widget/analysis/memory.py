"""What a unit remembers with: the cell state of an LSTM, the hidden state of any other cell, where it was kept."""

from __future__ import annotations

import numpy as np

from lstm_widget.capture.record import Array
from lstm_widget.layer_trace import LayerTrace
from lstm_widget.quantities import STATES


def memory_of(layer: LayerTrace) -> str | None:
    """Give the name of the state that the layer's memory is read from.

    Of an LSTM whose cell state was not kept that is its hidden state; None where no state was kept.

    Examples
    --------
    >>> import lstm_widget as lw
    >>> memory_of(lw.example().only)
    'cell_state'
    """
    return next((state for state in reversed(STATES[layer.cell]) if layer.keeps(state)), None)


def computed(layer: LayerTrace, sample: int) -> Array:
    """Give the timesteps at which the layer computed something: (timestep,) of bool, False where masked."""
    return np.ones(layer.timesteps, bool) if layer.mask is None else np.asarray(layer.mask[sample])
