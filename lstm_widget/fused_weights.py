"""Keras's fused weights by gate, for those who want no more than these numbers."""

from __future__ import annotations

from typing import Any

from lstm_widget.errors import ModelError, UnsupportedLayerError
from lstm_widget.weights import GateWeights, split


def gate_weights(layer: Any) -> dict[str, GateWeights]:
    """Take the weights of one recurrent layer apart, gate by gate.

    Keras lays the weights of all gates side by side, in one ``kernel`` (features, blocks x units), one
    ``recurrent_kernel`` (units, blocks x units) and one ``bias`` (blocks x units,). The order of the blocks is

    - LSTM: **i, f, c, o**. The third, which Keras calls c, is not the cell: it makes the cell candidate g.
    - GRU: **z, r, h**. The third makes the candidate. With ``reset_after=True``, Keras's default, the bias has
      two rows, (2, 3 x units): the input's bias, then the one that is added to the product with h.
    - SimpleRNN: one block.

    Parameters
    ----------
    layer : LSTM, GRU, SimpleRNN, RNN over one of their cells, or such a cell
        Built: it has weights.

    Returns
    -------
    dict of str to GateWeights
        Each ``(kernel, recurrent_kernel, bias)``, to unpack or to read by name, as `LayerTrace.weights` holds them. By
        the names of `LayerTrace`: ``"input_gate"``, ``"forget_gate"``, ``"cell_candidate"``, ``"output_gate"``
        of an LSTM; ``"update_gate"``, ``"reset_gate"``, ``"candidate"`` of a GRU; ``"hidden_state"`` of a SimpleRNN.
        Copies of shape (features, units), (units, units) and (units,): training on does not change them. The bias
        is None without ``use_bias``, and (2, units) for a GRU with ``reset_after``.

    Raises
    ------
    UnsupportedLayerError
        If it is not one cell whose order of blocks is known.
    ModelError
        If it is not built.

    Examples
    --------
    >>> import keras
    >>> import lstm_widget as lw
    >>> layer = keras.layers.LSTM(8)
    >>> _ = layer(keras.ops.zeros((4, 20, 3)))
    >>> kernel, recurrent_kernel, bias = lw.gate_weights(layer)["forget_gate"]
    >>> kernel.shape, recurrent_kernel.shape, bias.shape
    ((3, 8), (8, 8), (8,))
    >>> lw.gate_weights(layer)["forget_gate"].bias.shape
    (8,)
    """
    from lstm_widget.capture.keras.arrays import value_of  # noqa: PLC0415
    from lstm_widget.capture.keras.cells import kind_of  # noqa: PLC0415  (imports TensorFlow, which takes seconds)

    cell = getattr(layer, "cell", layer)
    kind = kind_of(cell)
    if kind is None:
        msg = (
            f"{_named(layer)} has no weights whose order is known here. Known are LSTM, GRU and SimpleRNN, RNN over "
            f"their cells, the cells, and subclasses that leave `call` alone{_advice(layer, cell)}"
        )
        raise UnsupportedLayerError(msg)
    if not cell.built:
        msg = f"{_named(layer)} is not built, so it has no weights yet: call it, or its model, once on data"
        raise ModelError(msg)
    # On a CPU an array may share the variable's memory, which training goes on to change.
    bias = None if cell.bias is None else value_of(cell.bias).copy()
    return split(kind, value_of(cell.kernel).copy(), value_of(cell.recurrent_kernel).copy(), bias)


def _named(layer: Any) -> str:
    name = getattr(layer, "name", None)
    return f"a {type(layer).__name__}" if name is None else f"{type(layer).__name__} {name!r}"


def _advice(layer: Any, cell: Any) -> str:
    if hasattr(layer, "forward_layer"):
        return ". Each direction has weights of its own: take layer.forward_layer or layer.backward_layer"
    if hasattr(cell, "cells"):
        return ". It stacks several cells: take one, such as layer.cell.cells[0]"
    if hasattr(layer, "layers"):
        return ". Of a model take one layer, such as model.get_layer(name)"
    return ""
