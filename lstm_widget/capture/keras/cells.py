"""Read a Keras cell: which equations it follows, its weights, its activations."""

from __future__ import annotations

from functools import partial
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from lstm_widget.capture.keras.stepping import step
from lstm_widget.capture.record import Activation, Array, Cell
from lstm_widget.errors import UnsupportedLayerError
from lstm_widget.quantities import CellKind

_KINDS: tuple[tuple[type, CellKind], ...] = (
    (keras.layers.LSTMCell, "lstm"),
    (keras.layers.GRUCell, "gru"),
    (keras.layers.SimpleRNNCell, "simple_rnn"),
)
_EQUATIONS = ("call", "_compute_carry_and_output", "_compute_carry_and_output_fused")
_OWN_ACTIVATIONS = {keras.activations.sigmoid: "sigmoid", keras.activations.tanh: "tanh"}


def kind_of(cell: Any) -> CellKind | None:
    """Say which equations a cell follows, or None where they are its author's own."""
    for base, kind in _KINDS:
        if isinstance(cell, base):
            overridden = any(getattr(type(cell), name, None) is not getattr(base, name, None) for name in _EQUATIONS)
            return None if overridden else kind
    return None


def read(name: str, cell: Any) -> Cell:
    """Copy the cell's weights, in the dtype it computes in.

    Raises
    ------
    UnsupportedLayerError
        If its equations are not those of LSTMCell, GRUCell or SimpleRNNCell.
    """
    kind = kind_of(cell)
    if kind is None:
        msg = (
            f"layer {name!r} computes with a cell of type {type(cell).__name__}, whose equations are not known here. "
            "Known are LSTMCell, GRUCell and SimpleRNNCell, and subclasses that leave `call` alone. "
            "To see the other layers, name them: extract(model, inputs, layers=[...])"
        )
        raise UnsupportedLayerError(msg)
    return Cell(
        kind=kind,
        units=int(cell.units),
        kernel=_weight(cell, cell.kernel),
        recurrent_kernel=_weight(cell, cell.recurrent_kernel),
        bias=None if cell.bias is None else _weight(cell, cell.bias),
        activation=_activation(cell.activation),
        gate=_activation(getattr(cell, "recurrent_activation", cell.activation)),
        reset_after=bool(getattr(cell, "reset_after", False)),
        step=partial(step, cell),
        product=_product,
        product_eps=_product_eps(cell),
    )


def unchanged(read: Cell, cell: Any) -> bool:
    """Say whether a cell has, to the last bit, the weights that were read of it."""
    pairs = ((read.kernel, cell.kernel), (read.recurrent_kernel, cell.recurrent_kernel), (read.bias, cell.bias))
    return all(then is None or np.array_equal(_bits(then), _bits(_shown(cell, now))) for then, now in pairs)


def _bits(array: Array) -> Array:
    # NaN is not equal to itself.
    return array.view(f"u{array.dtype.itemsize}")


def _weight(cell: Any, variable: Any) -> Array:
    # On a CPU what is shown may share the variable's memory, which training goes on to change.
    return _shown(cell, variable).copy()


def _shown(cell: Any, variable: Any) -> Array:
    tensor = keras.ops.convert_to_tensor(variable)
    return np.asarray(tensor if tensor.dtype == cell.compute_dtype else tf.cast(tensor, cell.compute_dtype))


def _activation(function: Any) -> Activation:
    name = _OWN_ACTIVATIONS.get(function) if callable(getattr(function, "__hash__", None)) else None
    if name is None:
        name = getattr(function, "__name__", type(function).__name__)
        name = f"user-defined {name}" if name in _OWN_ACTIVATIONS.values() else name

    def on_arrays(values: Array) -> Array:
        return np.asarray(function(tf.convert_to_tensor(values)))

    return Activation(name, on_arrays)


def _product(rows: Array, matrix: Array) -> Array:
    # Never on a GPU, which might round more coarsely.
    with tf.device("CPU"):
        return np.asarray(tf.matmul(rows, matrix))


def _product_eps(cell: Any) -> float:
    """Say how much coarser than its dtype the device multiplies: TensorFloat-32 keeps 10 bits of float32 factors."""
    tensor_float_32 = tf.config.experimental.tensor_float_32_execution_enabled()
    if cell.compute_dtype == "float32" and tensor_float_32 and tf.config.list_logical_devices("GPU"):
        return 2.0**-10
    return 0.0
