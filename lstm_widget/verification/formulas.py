"""Activations as they stand in books, for what is held against the layer's own code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from lstm_widget.capture.record import Activation, Array

_FORMULAS: dict[str, Callable[[Array], Array]] = {"sigmoid": lambda z: 1 / (1 + np.exp(-z)), "tanh": np.tanh}


def applied(activation: Activation, values: Array, dtype: np.dtype[Any]) -> Array:
    """Apply an activation, by its formula where the framework's own is known, and give the result in that dtype."""
    formula = _FORMULAS.get(activation.name)
    if formula is None:
        return activation(values).astype(dtype, copy=False)
    return formula(values.astype(dtype, copy=False))
