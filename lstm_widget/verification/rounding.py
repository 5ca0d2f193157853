"""How far two correct computations of the same number may lie apart: running bounds, to first order.

Written after Higham, "Accuracy and Stability of Numerical Algorithms" (2002), chapters 3 and 4, with
``sqrt(n)`` for the growth of a sum of n rounded terms (its rule of thumb) in place of the worst case n.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from lstm_widget.capture.record import Activation, Array, Cell, LayerRun
from lstm_widget.equations.sequence import blocks, previous

SAFETY = 2.0
"""For what first order leaves out."""


def length(*parts: Array) -> Array:
    """Euclidean length over the last axis of several arrays side by side, in float64; keeps the axis."""
    total: Array = np.sqrt(sum(np.square(p.astype(np.float64)).sum(axis=-1, keepdims=True) for p in parts))
    return total


def product_bound(cell: Cell, values: Array, terms: int, *matrices: Array | None) -> Array:
    """Bound the rounding of ``x W + h U + b``.

    Parameters
    ----------
    cell : Cell
    values : (..., 1)
        Length of what is multiplied, by `length`.
    terms : int
        How many terms each sum has.
    matrices : (rows, columns)
        What it is multiplied with; their columns' lengths bound every partial sum (Cauchy-Schwarz).
    """
    squares = sum(np.square(np.atleast_2d(m).astype(np.float64)).sum(axis=0) for m in matrices if m is not None)
    eps = max(cell.eps, cell.product_eps)
    with np.errstate(invalid="ignore", over="ignore"):
        bound: Array = (2 + np.sqrt(terms)) * eps * values * np.sqrt(squares)
    return np.where(np.isfinite(bound), bound, 0.0)


def sound(run: LayerRun, h: Array) -> Array:
    """Say which timesteps come before the first whose sums may overflow: (sample, timestep, 1).

    Past that point even the layer, asked twice, need not give the same infinities.
    """
    cell = run.cell
    columns = length(*(m.T for m in (cell.kernel, cell.recurrent_kernel))).max()
    reach = length(run.inputs, previous(h, run.initial_state[0])) * columns
    return ~np.logical_or.accumulate(reach > cell.largest / 2, axis=1)


def preactivation_bounds(cell: Cell, inputs: Array, h_prev: Array, count: int) -> list[Array]:
    """Bound ``x W + h_prev U + b`` for each of ``count`` blocks."""
    ones = np.ones((*inputs.shape[:-1], 1))
    terms = inputs.shape[-1] + h_prev.shape[-1] + 1
    bound = product_bound(cell, length(inputs, h_prev, ones), terms, cell.kernel, cell.recurrent_kernel, cell.bias)
    return blocks(bound, count)


def activation_bound(
    activation: Activation, result: Array, before: Array, eps: float, arguments: Callable[[], Array]
) -> Array:
    """Bound an activation whose argument is known to within ``before``.

    Parameters
    ----------
    result : array
        What the activation gave.
    before : array
        Bound of its argument.
    arguments : callable
        Gives its arguments; asked only for an activation whose slope is not known.
    """
    a = result.astype(np.float64)
    if activation.name == "sigmoid":
        moved = (a * (1 - a) + before) * before
    elif activation.name == "tanh":
        moved = (1 - a * a + before) * before
    else:
        moved = _moved(activation, arguments(), before)
    bound: Array = moved + 2 * eps * (np.abs(a) + 1)
    return bound


def _moved(activation: Activation, arguments: Array, before: Array) -> Array:
    """Try how far an activation of unknown slope moves when its argument does."""
    # In the layer's dtype, which the activation may insist on; but half precision is too coarse for differences.
    dtype = arguments.dtype if arguments.dtype.itemsize >= 4 else np.dtype(np.float32)  # noqa: PLR2004
    here, up, down = (
        activation(z.astype(dtype)).astype(np.float64) for z in (arguments, arguments + before, arguments - before)
    )
    apart = np.nan_to_num(np.maximum(np.abs(up - here), np.abs(down - here)), posinf=0.0)
    # It may mix units, as softmax does, where all move alike and cancel: no less than the worst of them.
    finite = np.nan_to_num(before, posinf=0.0)
    moved: Array = np.maximum(apart, finite.max(axis=-1, keepdims=True))
    return moved
