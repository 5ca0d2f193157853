"""Read a Keras cell: which equations it follows, its weights, its activations, one step of its own code."""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf

from lstm_widget.capture.keras.xla import compiled
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
        step=_Step(cell),
        product_eps=_product_eps(cell),
        compile=compiled,
    )


def _weight(cell: Any, variable: Any) -> Array:
    array: Array = keras.ops.convert_to_numpy(keras.ops.cast(variable, cell.compute_dtype))
    # On a CPU the array may share the variable's memory, which training goes on to change.
    return array.copy()


def _activation(function: Any) -> Activation:
    name = _OWN_ACTIVATIONS.get(function) if callable(getattr(function, "__hash__", None)) else None
    if name is None:
        name = getattr(function, "__name__", type(function).__name__)
        name = f"user-defined {name}" if name in _OWN_ACTIVATIONS.values() else name

    def on_arrays(values: Array) -> Array:
        result: Array = keras.ops.convert_to_numpy(function(keras.ops.convert_to_tensor(values)))
        return result

    return Activation(name, on_arrays)


def _product_eps(cell: Any) -> float:
    """Say how much coarser than its dtype the device multiplies: TensorFloat-32 keeps 10 bits of float32 factors."""
    tensor_float_32 = tf.config.experimental.tensor_float_32_execution_enabled()
    if cell.compute_dtype == "float32" and tensor_float_32 and tf.config.list_logical_devices("GPU"):
        return 2.0**-10
    return 0.0


class _Step:
    """The layer's own cell, once, on arrays; leaves its seeds and dropout masks alone."""

    def __init__(self, cell: Any) -> None:
        self._cell = cell

    def __call__(self, inputs: Array, states: tuple[Array, ...]) -> tuple[Array, ...]:
        masks = {name: vars(self._cell).get(name) for name in ("_dropout_mask", "_recurrent_dropout_mask")}
        try:
            with keras.StatelessScope():
                tensors = [keras.ops.convert_to_tensor(state) for state in states]
                _, new_states = self._cell(keras.ops.convert_to_tensor(inputs), tensors, training=False)
        finally:
            vars(self._cell).update({name: mask for name, mask in masks.items() if name in vars(self._cell)})
        return tuple(keras.ops.convert_to_numpy(state) for state in keras.tree.flatten(new_states))
