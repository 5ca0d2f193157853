"""How far two correct computations of the same number may lie apart: running bounds, to first order.

Written after Higham, "Accuracy and Stability of Numerical Algorithms" (2002), chapters 3 and 4, with
``sqrt(n)`` for the growth of a sum of n rounded terms (its rule of thumb) in place of the worst case n.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from lstm_widget.capture.record import Activation, Array, Cell, LayerRun
from lstm_widget.equations.sequence import blocks, previous

SAFETY = 2.0
"""For what first order leaves out."""


def length(*parts: Array) -> Array:
    """Euclidean length over the last axis of several arrays side by side; keeps the axis."""
    squares = sum(np.einsum("...i,...i->...", p, p) for p in map(_not_half, parts))
    if not np.isfinite(squares).all():  # too large for the square of a float32, if not for a float32
        squares = sum(np.einsum("...i,...i->...", p, p) for p in (part.astype(np.float64) for part in parts))
    total: Array = np.sqrt(squares)[..., None]
    return total


def product_bound(cell: Cell, values: Array, terms: int, column_squares: Array) -> Array:
    """Bound the rounding of ``x W + h U + b``.

    Parameters
    ----------
    cell : Cell
    values : (..., 1)
        Length of what is multiplied, by `length`.
    terms : int
        How many terms each sum has.
    column_squares : (columns,)
        Of what it is multiplied with; they bound every partial sum (Cauchy-Schwarz).
    """
    eps = max(cell.eps, cell.product_eps)
    bound: Array = values * ((2 + np.sqrt(terms)) * eps * np.sqrt(column_squares)).astype(values.dtype)
    return bound if np.isfinite(bound).all() else np.where(np.isfinite(bound), bound, 0)


def sound(run: LayerRun, h: Array) -> Array:
    """Say which timesteps come before the first whose sums may overflow: (sample, timestep, 1).

    Past that point even the layer, asked twice, need not give the same infinities.
    """
    columns = float(np.sqrt(np.add(*run.cell.column_squares).max()))
    reach = np.hypot(length(run.inputs), previous(length(h), length(run.initial_state[0]))) * columns
    return ~np.logical_or.accumulate(reach > run.cell.largest / 2, axis=1)


def preactivation_bounds(cell: Cell, inputs: Array, h_prev: Array, count: int, dtype: np.dtype[Any]) -> list[Array]:
    """Bound ``x W + h_prev U + b`` for each of ``count`` blocks."""
    ones = np.ones((*inputs.shape[:-1], 1), dtype)
    terms = inputs.shape[-1] + h_prev.shape[-1] + 1
    return blocks(product_bound(cell, length(inputs, h_prev, ones), terms, np.add(*cell.column_squares)), count)


def flushed(cell: Cell, *factors: Array) -> float:
    """Bound what is lost where a number below the smallest normal one is taken for zero beside one of these factors."""
    largest = (max(float(values.max()), -float(values.min())) for values in factors)
    return cell.underflow * (1 + sum(number for number in largest if math.isfinite(number)))


def accumulated(f: Array, rounded: Array, start: Array) -> Array:
    """Solve ``e = f e_prev + rounded`` for all timesteps, from the e before the first.

    It is linear, so stretches of sqrt(T) steps are solved side by side as if each began at zero, and then joined:
    2 sqrt(T) calls of NumPy in place of T.
    """
    samples, timesteps, units = f.shape
    e = rounded.copy()
    e[:, 0] += f[:, 0] * start
    width = math.isqrt(timesteps)
    joined = timesteps - timesteps % width
    stretches = e[:, :joined].reshape(samples, -1, width, units)
    kept = f[:, :joined].reshape(stretches.shape).copy()  # becomes the product of f since its stretch began
    for t in range(1, width):
        stretches[:, :, t] += kept[:, :, t] * stretches[:, :, t - 1]
        kept[:, :, t] *= kept[:, :, t - 1]
    for k in range(1, joined // width):
        stretches[:, k] += kept[:, k] * stretches[:, k - 1, -1:]
    for t in range(joined, timesteps):
        e[:, t] += f[:, t] * e[:, t - 1]
    return e


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
    a = result.astype(before.dtype, copy=False)
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
        activation(z.astype(dtype)).astype(before.dtype) for z in (arguments, arguments + before, arguments - before)
    )
    apart = np.nan_to_num(np.maximum(np.abs(up - here), np.abs(down - here)), posinf=0.0)
    # It may mix units, as softmax does, where all move alike and cancel: no less than the worst of them.
    finite = np.nan_to_num(before, posinf=0.0)
    moved: Array = np.maximum(apart, finite.max(axis=-1, keepdims=True))
    return moved


def _not_half(values: Array) -> Array:
    return values if values.dtype.itemsize >= 4 else values.astype(np.float32)  # noqa: PLR2004
