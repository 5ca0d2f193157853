"""XLA, for the arithmetic that comes after a run."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from lstm_widget.capture.record import Array

_MOST = 24
"""TensorFlow never gives back what it has compiled with XLA, some 2 MB a function: so many are made, and no more."""

_lock = threading.Lock()
_functions: dict[tuple[Any, ...], Any] = {}


def compiled(
    function: Callable[..., Any], shapes: tuple[tuple[int, ...], ...], constants: tuple[Array, ...]
) -> Callable[..., list[Array]] | None:
    """Compile ``function(ops, *arrays, *constants)``, written in `keras.ops`, for float32 arrays of these shapes.

    None where too many are compiled already.
    """
    shapes = (*shapes, *(constant.shape for constant in constants))
    key = (function, shapes)
    with _lock:
        if key not in _functions:
            if len(_functions) >= _MOST:
                return None
            graph = tf.function(lambda *tensors: function(keras.ops, *tensors), autograph=False, jit_compile=True)
            _functions[key] = graph.get_concrete_function(*(tf.TensorSpec(shape, tf.float32) for shape in shapes))
        made = _functions[key]
    always = [tf.convert_to_tensor(constant) for constant in constants]
    return lambda *arrays: [np.asarray(result) for result in made(*map(tf.convert_to_tensor, arrays), *always)]
