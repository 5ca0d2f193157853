"""Ask a Keras cell for single steps of its own code."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from lstm_widget.capture.keras.kept import kept, options
from lstm_widget.capture.keras.twins import twin
from lstm_widget.capture.record import Array


def step(cell: Any, inputs: Array, states: tuple[Array, ...]) -> tuple[Array, ...]:
    """Give the states after one step from each row of inputs and states, compiled as in a layer's loop."""
    arrays = (inputs, *states)
    key = (*options(cell), *((array.shape, array.dtype) for array in arrays))
    function = kept(cell, key, lambda: _compile(cell, arrays))
    return tuple(np.asarray(state) for state in function(*map(tf.convert_to_tensor, arrays)))


def _compile(cell: Any, arrays: tuple[Array, ...]) -> Any:
    # A graph that held the cell itself would never go with it.
    running = twin(cell)

    def once(inputs: Any, *states: Any) -> Any:
        # Some cells draw a dropout mask that they then leave unused: the state of the seeds is not to move.
        with keras.StatelessScope():
            return keras.tree.flatten(running(inputs, list(states), training=False)[1])

    specs = (tf.TensorSpec(array.shape, array.dtype) for array in arrays)
    return tf.function(once, autograph=False).get_concrete_function(*specs)
