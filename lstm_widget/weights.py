"""The weights of a cell, taken apart gate by gate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lstm_widget.capture.record import Array, Cell
from lstm_widget.quantities import BLOCKS


@dataclass(frozen=True)
class GateWeights:
    """What makes one pre-activation: ``x @ kernel + h_prev @ recurrent_kernel + bias``.

    Attributes
    ----------
    kernel : (features, units)
    recurrent_kernel : (units, units)
    bias : (units,) or None
    recurrent_bias : (units,) or None
        Only a GRU with ``reset_after`` has one: added to the product with h_prev.
    """

    kernel: Array
    recurrent_kernel: Array
    bias: Array | None = None
    recurrent_bias: Array | None = None


def split(cell: Cell, dtype: np.dtype[np.generic]) -> dict[str, GateWeights]:
    """Take Keras's fused weights apart: i, f, candidate, o for an LSTM; z, r, candidate for a GRU."""
    names = BLOCKS[cell.kind]
    kernels = np.split(cell.kernel.astype(dtype), len(names), axis=1)
    recurrent_kernels = np.split(cell.recurrent_kernel.astype(dtype), len(names), axis=1)
    rows = [] if cell.bias is None else list(np.atleast_2d(cell.bias.astype(dtype)))
    # One row of biases, or two: the input's, then the recurrent one.
    biases = [np.split(row, len(names)) for row in rows]
    return {
        name: GateWeights(
            kernels[k], recurrent_kernels[k], *(biases[row][k] if len(biases) > row else None for row in (0, 1))
        )
        for k, name in enumerate(names)
    }
