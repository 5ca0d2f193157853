"""Read a Keras cell: which equations it follows, its weights, its activations."""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from lstm_widget.capture.keras.arrays import value_of
from lstm_widget.capture.keras.stepping import Values, step
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


def parts_of(cell: Any) -> list[Any]:
    """Give the cells of a stack, or the only one."""
    return list(cell.cells) if isinstance(cell, keras.layers.StackedRNNCells) else [cell]


def activations_of(cell: Any) -> tuple[Any, Any]:
    """Give the activation, and that of the gates; a simple cell has no gates, and one for both."""
    return cell.activation, getattr(cell, "recurrent_activation", cell.activation)


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
    weights = [(variable, value_of(variable, cell.compute_dtype).copy()) for variable in _weights(cell)]
    activations = activations_of(cell)
    # A layer may be an activation too, and have weights.
    layers = [function for function in activations if isinstance(function, keras.Layer)]
    theirs = {id(variable): (variable, value_of(variable).copy()) for layer in layers for variable in layer.variables}
    values = [*weights, *theirs.values()]
    return Cell(
        kind=kind,
        units=int(cell.units),
        kernel=weights[0][1],
        recurrent_kernel=weights[1][1],
        bias=None if cell.bias is None else weights[2][1],
        activation=_activation(activations[0], list(theirs.values())),
        gate=_activation(activations[1], list(theirs.values())),
        reset_after=bool(getattr(cell, "reset_after", False)),
        step=partial(step, cell, values),
        product=_product,
        product_eps=_product_eps(cell),
    )


def reads_what_may_change(cell: Any) -> bool:
    """Say whether an activation is a function of the user's own, which may be another one as training goes on."""
    return not all(isinstance(function, keras.Layer) or _is_of_keras(function) for function in activations_of(cell))


def _is_of_keras(function: Any) -> bool:
    return function is getattr(keras.activations, getattr(function, "__name__", ""), None)


def unchanged(read: Cell, cell: Any) -> bool:
    """Say whether a cell has, to the last bit, the weights that were read of it."""
    then = [array for array in (read.kernel, read.recurrent_kernel, read.bias) if array is not None]
    now = [value_of(variable, cell.compute_dtype) for variable in _weights(cell)]
    return len(then) == len(now) and all(np.array_equal(_bits(a), _bits(b)) for a, b in zip(then, now, strict=True))


def _bits(array: Array) -> Array:
    # NaN is not equal to itself.
    return array.view(f"u{array.dtype.itemsize}")


def _weights(cell: Any) -> list[Any]:
    return [variable for variable in (cell.kernel, cell.recurrent_kernel, cell.bias) if variable is not None]


def _activation(function: Any, values: Values) -> Activation:
    name = _OWN_ACTIVATIONS.get(function) if callable(getattr(function, "__hash__", None)) else None
    if name is None:
        name = getattr(function, "__name__", type(function).__name__)
        name = f"user-defined {name}" if name in _OWN_ACTIVATIONS.values() else name

    def on_arrays(arguments: Array) -> Array:
        # A row a step, as in the layer's loop: some take nothing else.
        rows = tf.convert_to_tensor(arguments.reshape(-1, arguments.shape[-1]))
        with keras.StatelessScope(state_mapping=values) if values else nullcontext():
            return np.asarray(function(rows)).reshape(arguments.shape)

    return Activation(name, on_arrays)


def _product(rows: Array, matrix: Array) -> Array:
    # Never on a GPU, which might round more coarsely.
    with tf.device("CPU"):
        return np.asarray(tf.raw_ops.MatMul(a=rows, b=matrix))


def _product_eps(cell: Any) -> float:
    """Say how much coarser than its dtype the device multiplies: TensorFloat-32 keeps 10 bits of float32 factors."""
    tensor_float_32 = tf.config.experimental.tensor_float_32_execution_enabled()
    if cell.compute_dtype == "float32" and tensor_float_32 and tf.config.list_logical_devices("GPU"):
        return 2.0**-10
    return 0.0
