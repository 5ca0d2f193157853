"""The weights of a cell, taken apart gate by gate."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lstm_widget.capture.record import Array, Cell
from lstm_widget.quantities import BLOCKS, CellKind


class GateWeights(NamedTuple):
    """What makes one pre-activation: ``x @ kernel + h_prev @ recurrent_kernel + bias``.

    Read by name, or unpacked: ``kernel, recurrent_kernel, bias = layer.weights["forget_gate"]``.

    Attributes
    ----------
    kernel : (features, units)
    recurrent_kernel : (units, units)
    bias : (units,) or (2, units), or None
        Two rows for a GRU with ``reset_after``: the input's bias, then the one added to the product with h_prev.
    """

    kernel: Array
    recurrent_kernel: Array
    bias: Array | None = None

    @property
    def input_bias(self) -> Array | None:
        """The bias that is added to the product with the input, (units,); None without one."""
        return None if self.bias is None else np.atleast_2d(self.bias)[0]

    @property
    def recurrent_bias(self) -> Array | None:
        """The bias that is added to the product with h_prev, (units,); None but for a GRU with ``reset_after``."""
        return None if self.bias is None or self.bias.ndim == 1 else self.bias[1]


def split(kind: CellKind, kernel: Array, recurrent_kernel: Array, bias: Array | None) -> dict[str, GateWeights]:
    """Take Keras's fused weights apart: i, f, candidate, o for an LSTM; z, r, candidate for a GRU."""
    names = BLOCKS[kind]
    kernels, recurrent_kernels = (np.split(fused, len(names), axis=1) for fused in (kernel, recurrent_kernel))
    biases = [None] * len(names) if bias is None else np.split(bias, len(names), axis=-1)
    parts = zip(kernels, recurrent_kernels, biases, strict=True)
    return {name: GateWeights(*part) for name, part in zip(names, parts, strict=True)}


def weights_of(cell: Cell, dtype: np.dtype[np.generic]) -> dict[str, GateWeights]:
    """Give copies of a cell's weights by gate, in a dtype."""
    bias = None if cell.bias is None else cell.bias.astype(dtype)
    return split(cell.kind, cell.kernel.astype(dtype), cell.recurrent_kernel.astype(dtype), bias)
