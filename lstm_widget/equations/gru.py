"""The GRU cell, after Cho et al. (2014), as Keras computes it; ``reset_after`` is cuDNN's variant."""

from __future__ import annotations

import numpy as np

from lstm_widget.capture.record import Array, Cell, LayerRun
from lstm_widget.equations.sequence import blocks, carried, previous, product


def solve(run: LayerRun) -> dict[str, Array]:
    """Solve the gates of ``h = z h_prev + (1 - z) g`` for all timesteps."""
    (h0,) = run.initial_state
    h = carried(run.outputs, h0, run.mask)
    a_z, a_r, a_g = preactivations(run, previous(h, h0))
    gate, activation = run.cell.gate, run.cell.activation
    return {"update_gate": gate(a_z), "reset_gate": gate(a_r), "candidate": activation(a_g), "hidden_state": h}


def preactivations(run: LayerRun, h_prev: Array) -> tuple[Array, Array, Array]:
    """Give what goes into z, r and g; the reset gate is inside of the last."""
    cell = run.cell
    b, b_recurrent = biases(cell)
    x_z, x_r, x_g = blocks(product(cell, run.inputs, cell.kernel) + b, 3)
    u_z, u_r, _ = blocks(cell.recurrent_kernel, 3)
    b_z, b_r, _ = blocks(b_recurrent, 3)

    a_z = x_z + (product(cell, h_prev, u_z) + b_z)
    a_r = x_r + (product(cell, h_prev, u_r) + b_r)
    return a_z, a_r, x_g + reset(cell, h_prev, cell.gate(a_r))


def reset(cell: Cell, h_prev: Array, r: Array) -> Array:
    """Give what the reset gate lets through to the candidate."""
    u, b = blocks(cell.recurrent_kernel, 3)[2], blocks(biases(cell)[1], 3)[2]
    return r * (product(cell, h_prev, u) + b) if cell.reset_after else product(cell, r * h_prev, u)


def biases(cell: Cell) -> tuple[Array, Array]:
    """Give the input's and the recurrent bias; zeros for what the cell does not have."""
    zero = np.zeros(3 * cell.units, cell.kernel.dtype)
    if cell.bias is None:
        return zero, zero
    return (cell.bias[0], cell.bias[1]) if cell.reset_after else (cell.bias, zero)
