"""The LSTM cell, after Hochreiter and Schmidhuber (1997) and Gers et al. (2000), as Keras computes it."""

from __future__ import annotations

import numpy as np

from lstm_widget.capture.record import Array, LayerRun
from lstm_widget.equations.sequence import blocks, carried, previous, product


def solve(run: LayerRun) -> dict[str, Array]:
    """Solve ``c = f c_prev + i g`` and ``h = o act(c)`` for all timesteps."""
    cell, (h0, c0) = run.cell, run.initial_state
    h = carried(run.outputs, h0, run.mask)
    z_i, z_f, z_g, z_o = preactivations(run, previous(h, h0))

    i, f, g, o = cell.gate(z_i), cell.gate(z_f), cell.activation(z_g), cell.gate(z_o)
    c = _cell_state(f, i * g, c0, run.mask)
    return {
        "input_gate": i,
        "forget_gate": f,
        "cell_candidate": g,
        "output_gate": o,
        "cell_state": c,
        "hidden_state": h,
    }


def preactivations(run: LayerRun, h_prev: Array) -> list[Array]:
    """Give ``x W + h_prev U + b``, a block a gate."""
    z = product(run.inputs, run.cell.kernel) + product(h_prev, run.cell.recurrent_kernel)
    return blocks(z if run.cell.bias is None else z + run.cell.bias, 4)


def _cell_state(f: Array, written: Array, c0: Array, mask: Array | None) -> Array:
    c = np.empty_like(f)
    state = c0
    for t in range(f.shape[1]):
        new = f[:, t] * state + written[:, t]
        state = new if mask is None else np.where(mask[:, t, None], new, state)
        c[:, t] = state
    return c
