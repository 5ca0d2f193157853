"""The Dense layer that reads a recurrent layer's h directly, if there is one."""

from __future__ import annotations

from typing import Any

import keras

from lstm_widget.capture.keras.compiled import to_numpy
from lstm_widget.capture.record import Array

_SEE_THROUGH = (keras.layers.Dropout, keras.layers.SpatialDropout1D)
"""Layers that change no number of h in inference."""


def readout(layer: Any) -> Array | None:
    """Give the kernel (units, outputs) of the Dense layer behind a layer of a Sequential or functional model."""
    current = layer
    while True:
        readers = [node.operation for node in getattr(current, "_outbound_nodes", [])]
        if len(set(map(id, readers))) != 1:
            return None
        current = readers[0]
        inner = current.layer if isinstance(current, keras.layers.TimeDistributed) else current
        if isinstance(inner, keras.layers.Dense):
            kernel = to_numpy(inner.kernel)
            return kernel.copy() if kernel.shape[0] == getattr(layer.cell, "output_size", None) else None
        if not isinstance(current, _SEE_THROUGH):
            return None
