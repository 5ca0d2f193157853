"""The LSTM cell, after Hochreiter and Schmidhuber (1997) and Gers et al. (2000), as Keras computes it."""

from __future__ import annotations

import numpy as np

from lstm_widget.capture.record import Array, LayerRun
from lstm_widget.equations.sequence import blocks, carried, previous, product


def solve(run: LayerRun) -> dict[str, Array]:
    """Solve ``c = f c_prev + i g`` and ``h = o act(c)`` for all timesteps; h is the run's own, and c if it is known."""
    cell, (h0, c0) = run.cell, run.initial_state
    h = carried(run.outputs, h0, run.mask)
    z_i, z_f, z_g, z_o = preactivations(run, previous(h, h0))

    i, f, g, o = cell.gate(z_i), cell.gate(z_f), cell.activation(z_g), cell.gate(z_o)
    own = run.told.get("cell_state")
    c = _cell_state(f, i * g, c0, run.mask) if own is None else carried(own, c0, run.mask)
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
    z = product(run.cell, run.inputs, run.cell.kernel) + product(run.cell, h_prev, run.cell.recurrent_kernel)
    if run.cell.bias is not None:
        z += run.cell.bias
    return blocks(z, 4)


def _cell_state(f: Array, written: Array, c0: Array, mask: Array | None) -> Array:
    c = np.empty_like(f)
    state, kept = c0, np.empty_like(c0)
    # The one loop over time that is left. Its body is two calls, because NumPy's cost here is that of calling it.
    for t, (f_t, written_t, c_t) in enumerate(zip(*(v.swapaxes(0, 1) for v in (f, written, c)), strict=True)):
        np.multiply(f_t, state, out=kept)
        np.add(kept, written_t, out=c_t)
        if mask is not None:
            np.copyto(c_t, state, where=~mask[:, t, None])
        state = c_t
    return c
