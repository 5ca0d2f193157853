"""The equations of each cell, on a recorded run: every gate and every state at every timestep.

All arrays stand in processing order. The hidden state is the run's own (teacher forcing): a recurrent
layer can be chaotic, and only this stays true to the run that was recorded.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from lstm_widget.capture.record import Array, LayerRun
from lstm_widget.equations import gru, lstm, simple_rnn
from lstm_widget.equations.blocks import blocks_of
from lstm_widget.quantities import CellKind

Solution = dict[str, Array]
"""Quantity name -> (sample, timestep, unit)."""

_SOLVERS: dict[CellKind, Callable[[LayerRun], Solution]] = {
    "lstm": lstm.solve,
    "gru": gru.solve,
    "simple_rnn": simple_rnn.solve,
}


def solve(run: LayerRun, into: Solution) -> Solution:
    """Compute all quantities of a run, in the dtype of the layer, masked timesteps included.

    Parameters
    ----------
    run : LayerRun
    into : dict of str to (sample, timestep, unit)
        Where to write them: their last place, so that nothing large is copied or made twice.
    """
    solver = _SOLVERS[run.cell.kind]
    # What overflows in the layer overflows here; the certificate counts it.
    with np.errstate(invalid="ignore", over="ignore"):
        for place, block in blocks_of(run, into):
            for name, values in solver(block).items():
                into[name][place] = values
    return into
