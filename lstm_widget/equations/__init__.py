"""The equations of each cell, on a recorded run: every gate and every state at every timestep.

All arrays stand in processing order. The hidden state is the run's own (teacher forcing): a recurrent
layer can be chaotic, and only this stays true to the run that was recorded.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from lstm_widget.capture.record import Array, LayerRun
from lstm_widget.equations import gru, lstm, simple_rnn
from lstm_widget.quantities import CellKind

Solution = dict[str, Array]
"""Quantity name -> (sample, timestep, unit)."""

_SOLVERS: dict[CellKind, Callable[[LayerRun], Solution]] = {
    "lstm": lstm.solve,
    "gru": gru.solve,
    "simple_rnn": simple_rnn.solve,
}


def solve(run: LayerRun) -> Solution:
    """Compute all quantities of a run, in the dtype of the layer, masked timesteps included."""
    # What overflows in the layer overflows here; the certificate counts it.
    with np.errstate(invalid="ignore", over="ignore"):
        return _SOLVERS[run.cell.kind](run)
