"""How large weights are: their norm, and how they are spread."""

from __future__ import annotations

import math

import numpy as np

from lstm_widget.capture.record import Array
from lstm_widget.weights import GateWeights

STATISTICS = ("norm", "median", "minimum", "maximum", "lower quartile", "upper quartile")
PARTS = ("kernel", "recurrent kernel", "bias")
_ENOUGH = 16_384
"""Quartiles of more numbers are those of every second, third ... of them."""


def spread(weights: GateWeights) -> Array:
    """Give the `STATISTICS` of the `PARTS` of one gate.

    Returns
    -------
    (part, statistic)
        NaN of weights among which there is one, and where there is no bias, whose norm is 0. Both biases of a GRU
        count as one part.

    Examples
    --------
    >>> import lstm_widget as lw
    >>> found = spread(lw.example().only.weights["forget_gate"])
    >>> found.shape
    (3, 6)
    >>> bool(found[2, 0] > 0)
    True
    """
    bias = np.empty((1, 0)) if weights.bias is None else np.atleast_2d(weights.bias)
    return np.array([_statistics(np.asarray(part)) for part in (weights.kernel, weights.recurrent_kernel, bias)])


def _statistics(values: Array) -> list[float]:
    if not values.size:
        return [0.0, *[math.nan] * (len(STATISTICS) - 1)]
    if np.isnan(values).any():
        return [math.nan] * len(STATISTICS)
    apart = -(-values.size // _ENOUGH)
    # A multiple of the row's length would always meet the same units.
    while apart > 1 and math.gcd(apart, values.shape[-1]) > 1:
        apart += 1
    lower, median, upper = np.percentile(values.ravel()[::apart], (25, 50, 75))
    norm = math.sqrt(np.square(values, dtype=np.float64).sum())
    return [norm, median, float(values.min()), float(values.max()), lower, upper]
