"""The simple recurrent cell, after Elman (1990): ``h = act(x W + h_prev U + b)``."""

from __future__ import annotations

from lstm_widget.capture.record import Array, LayerRun
from lstm_widget.equations.sequence import carried, product


def solve(run: LayerRun) -> dict[str, Array]:
    """Give the run's own ``h``; there is nothing else inside."""
    return {"hidden_state": carried(run.outputs, run.initial_state[0], run.mask)}


def preactivation(run: LayerRun, h_prev: Array) -> Array:
    """Give ``x W + h_prev U + b``."""
    z = product(run.cell, run.inputs, run.cell.kernel) + product(run.cell, h_prev, run.cell.recurrent_kernel)
    return z if run.cell.bias is None else z + run.cell.bias
