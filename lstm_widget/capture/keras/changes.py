"""Whether a layer has other weights than it had."""

from __future__ import annotations

from typing import Any

import numpy as np

from lstm_widget.capture.keras import cells
from lstm_widget.layer_trace import LayerTrace
from lstm_widget.weights import weights_of


def weights_differ(layer: Any, then: LayerTrace) -> bool:
    """Compare a recurrent layer, as it is now, with the weights in a trace of it."""
    inner = getattr(layer.cell, "cells", None)
    # A stack of cells is traced cell by cell, each under its own name.
    cell = layer.cell if inner is None else next((c for c in inner if then.name.endswith(f"/{c.name}")), None)
    if cell is None:
        return False
    dtype = next(iter(then.weights.values())).kernel.dtype
    now = weights_of(cells.read(then.name, cell), dtype)
    return any(
        not np.array_equal(mine, theirs, equal_nan=True)
        for gate, weights in then.weights.items()
        for mine, theirs in zip(now[gate], weights, strict=True)
        if mine is not None and theirs is not None
    )
