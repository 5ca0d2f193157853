"""The gates of an LSTM and their comparison in one compiled pass, many times faster than pass by pass.

The same formulas as `equations.lstm` and `verification.lstm`, which stay the reference: here for float32, sigmoid and
tanh, and only where the layer told its own c. The tests hold the two against each other.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from lstm_widget.capture.record import Array, LayerRun
from lstm_widget.equations import Solution
from lstm_widget.equations.sequence import carried
from lstm_widget.verification.rounding import SAFETY
from lstm_widget.verification.rows import Rows

_WORTH = 2**17
"""Numbers of one quantity: below that NumPy is done before a compiled function is called."""
_NUMBERS = 2**18
"""Of one quantity in one block: 1 MB. All blocks have one length, so that a cell is compiled once for all inputs."""
_GATES = ("input_gate", "forget_gate", "cell_candidate", "output_gate")
_EPS = float(np.finfo(np.float32).eps)
_TINY = float(np.finfo(np.float32).smallest_subnormal)


class Comparison(NamedTuple):
    """What came of comparing every timestep.

    Attributes
    ----------
    errors : (sample, timestep)
        Largest difference of h over units; 0 where nothing was computed.
    closest, max_abs_error, tolerance : float
        As of a `Certificate`; the tolerance is that of the timestep.
    """

    errors: Array
    closest: float
    max_abs_error: float
    tolerance: float


def solve_and_compare(run: LayerRun, into: Solution) -> Comparison | None:
    """Write all quantities of a run, and compare them with what the layer gave at every timestep.

    None where this way does not serve, or found any fault or anything but finite numbers: the plain one then decides.
    """
    cell, (samples, timesteps, units) = run.cell, run.shape
    if run.outputs.size < _WORTH or cell.compile is None or run.cell_states is None or cell.product_eps:
        return None
    if cell.kernel.dtype != np.float32 or (cell.gate.name, cell.activation.name) != ("sigmoid", "tanh"):
        return None
    features, width = run.inputs.shape[-1], max(1, _NUMBERS // units)
    bias = np.zeros(4 * units, np.float32) if cell.bias is None else cell.bias
    columns = np.sqrt(np.add(*cell.column_squares))
    bounds = ((2 + np.sqrt(features + units + 1)) * cell.eps * columns).astype(np.float32)
    shapes = ((width, features), *(((width, units),) * 4))
    function = cell.compile(_rows, shapes, (cell.kernel, cell.recurrent_kernel, bias, bounds))
    if function is None:
        return None

    (h0, c0), table = run.initial_state, Rows(samples, timesteps)
    h = np.ascontiguousarray(carried(run.outputs, h0, run.mask))
    c = np.ascontiguousarray(carried(run.cell_states, c0, run.mask))
    flat = [array.reshape(len(table), -1) for array in (run.inputs, h, c)]
    told = np.empty((6, len(table)), np.float32)
    for start in range(0, len(table), width):
        rows = slice(start, min(start + width, len(table)))
        x, h_now, c_now = (array[rows] for array in flat)
        given = (x, table.previous(h, h0, rows), h_now, table.previous(c, c0, rows), c_now)
        *gates, numbers = function(*(_padded(array, width) for array in given))
        told[:, rows] = numbers[:, : rows.stop - start]
        for name, gate in zip(_GATES, gates, strict=True):
            table.write(into[name], rows, gate[: rows.stop - start])
    if run.mask is not None:
        told[:, ~run.mask.reshape(-1)] = 0
    share, reach, *_ = told
    if not (share <= 1).all() or not (reach * columns.max() <= cell.largest / 2).all():
        return None
    into["hidden_state"][...] = h
    into["cell_state"][...] = c
    errors, tolerances = told[2::2], told[3::2]
    worst = np.unravel_index(int(errors.argmax()), errors.shape)
    return Comparison(
        errors=errors[0].reshape(samples, timesteps),
        closest=float(share.max()),
        max_abs_error=float(errors[worst]),
        tolerance=float(tolerances[worst]),
    )


def _rows(ops: Any, *given: Any) -> tuple[Any, ...]:
    """Give i, f, g, o, and of each row: share of the bound, length of what came in, error and tolerance of h, of c."""
    x, h_prev, h, c_prev, c, kernel, recurrent_kernel, bias, bounds = given
    z = ops.matmul(x, kernel) + ops.matmul(h_prev, recurrent_kernel) + bias
    z_i, z_f, z_g, z_o = ops.split(z, 4, axis=-1)
    i, f, g, o = ops.sigmoid(z_i), ops.sigmoid(z_f), ops.tanh(z_g), ops.sigmoid(z_o)

    reach = ops.sqrt(ops.sum(x * x, -1, keepdims=True) + ops.sum(h_prev * h_prev, -1, keepdims=True) + 1)
    d_i, d_f, d_g, d_o = ops.split(reach * bounds, 4, axis=-1)
    d_i, d_f, d_o = ((a * (1 - a) + d) * d + 2 * _EPS * (a + 1) for a, d in ((i, d_i), (f, d_f), (o, d_o)))
    d_g = (1 - g * g + d_g) * d_g + 2 * _EPS * (ops.abs(g) + 1)

    kept, written = f * c_prev, i * g
    size = ops.abs(kept) + ops.abs(written)
    e_c = d_f * ops.abs(c_prev) + d_i * ops.abs(g) + d_g * i + 4 * _EPS * size + _TINY
    activated = ops.tanh(c)
    e_h = d_o * ops.abs(activated) + o * 2 * _EPS * (ops.abs(activated) + 1) + 4 * _EPS * ops.abs(o * activated)

    told = []
    shares = []
    for error, bound in ((ops.abs(h - o * activated), e_h), (ops.abs(c - (kept + written)), e_c)):
        allowed = 4 * _TINY + SAFETY * bound
        # A NaN must not pass for less than anything.
        fine = ops.logical_and(ops.isfinite(error), ops.isfinite(allowed))
        shares.append(ops.where(fine, error / allowed, float("inf")))
        # The most that is allowed in the row: to look for the unit of the largest error, XLA would compute that error
        # a second time, and may then round it in another way.
        told += [ops.max(error, axis=-1), ops.max(allowed, axis=-1)]
    share = ops.max(ops.maximum(*shares), axis=-1)
    return i, f, g, o, ops.stack([share, reach[:, 0], *told])


def _padded(array: Array, rows: int) -> Array:
    missing = rows - len(array)
    return np.pad(array, ((0, missing), (0, 0))) if missing else array
