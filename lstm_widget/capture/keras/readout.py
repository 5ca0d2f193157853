"""The Dense layers that read a recurrent layer's h, up to the model's output where they lead there."""

from __future__ import annotations

from typing import Any

import keras

from lstm_widget.capture.keras.arrays import value_of
from lstm_widget.head import ACTIVATIONS, DenseStep, Head

_SEE_THROUGH = (keras.layers.Dropout, keras.layers.SpatialDropout1D)
"""Layers that change no number in inference."""


def readout(layer: Any) -> Head | None:
    """Follow h through a Sequential or functional model; None where no Dense layer is its only reader."""
    steps: list[DenseStep] = []
    current = layer
    complete = True
    while True:
        readers = {id(node.operation): node.operation for node in getattr(current, "_outbound_nodes", [])}
        if len(readers) != 1:
            complete = complete and not readers
            break
        (current,) = readers.values()
        inner = current.layer if isinstance(current, keras.layers.TimeDistributed) else current
        if isinstance(inner, keras.layers.Dense):
            name = getattr(inner.activation, "__name__", "")
            known = ACTIVATIONS.get(name) and inner.activation is getattr(keras.activations, name, None)
            bias = None if inner.bias is None else value_of(inner.bias).copy()
            steps.append(DenseStep(value_of(inner.kernel).copy(), bias, name if known else "linear"))
            complete = complete and bool(known)
        elif not isinstance(current, _SEE_THROUGH):
            complete = False
            break
    if not steps or steps[0].kernel.shape[0] != getattr(layer.cell, "output_size", None):
        return None
    return Head(tuple(steps), every=bool(layer.return_sequences), complete=complete)
