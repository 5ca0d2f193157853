"""Every gate and every state at every timestep of a recorded run: as the layer told them, or by the cell's equations.

All arrays stand in processing order. The hidden state is the run's own (teacher forcing): a recurrent
layer can be chaotic, and only this stays true to the run that was recorded.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from lstm_widget.capture.record import Array, LayerRun
from lstm_widget.equations import gru, lstm, simple_rnn
from lstm_widget.equations.blocks import blocks_of
from lstm_widget.equations.sequence import carried
from lstm_widget.quantities import STATES, CellKind

Solution = dict[str, Array]
"""Quantity name -> (sample, timestep, unit)."""

_SOLVERS: dict[CellKind, Callable[[LayerRun], Solution]] = {
    "lstm": lstm.solve,
    "gru": gru.solve,
    "simple_rnn": simple_rnn.solve,
}


def solve(run: LayerRun, into: Solution) -> Solution:
    """Give all quantities of a run, in the dtype of the layer, masked timesteps included: told, or else computed.

    Parameters
    ----------
    run : LayerRun
    into : dict of str to (sample, timestep, unit)
        Where to write them: their last place, so that nothing large is copied or made twice.
    """
    solver = _told if run.tells_all else _SOLVERS[run.cell.kind]
    # What overflows in the layer overflows here; the certificate counts it.
    with np.errstate(invalid="ignore", over="ignore"):
        for place, block in blocks_of(run, into):
            for name, values in solver(block).items():
                into[name][place] = values
    return into


def _told(run: LayerRun) -> Solution:
    own = {**run.told, "hidden_state": run.outputs}
    for name, initial in zip(STATES[run.cell.kind], run.initial_state, strict=True):
        own[name] = carried(own[name], initial, run.mask)
    return own
