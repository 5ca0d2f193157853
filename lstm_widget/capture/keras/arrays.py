"""Tensors and variables as arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from lstm_widget.capture.record import Array


def to_numpy(tensor: Any) -> Array:
    """Show a tensor as a read-only array, without a copy on a CPU; bfloat16 comes as the NumPy type of ml_dtypes."""
    return np.asarray(tensor)


def value_of(variable: Any, dtype: str | None = None) -> Array:
    """Show a variable as a read-only array; on a CPU it may share the memory that training goes on to change."""
    # As a tensor first: TensorFlow's own way from a variable to an array takes twice as long.
    tensor = tf.convert_to_tensor(variable)
    return to_numpy(tensor if dtype in (None, tensor.dtype) else tf.cast(tensor, dtype))
