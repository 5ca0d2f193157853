"""Ask a Keras cell for single steps of its own code."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from lstm_widget.capture.keras.kept import kept, options
from lstm_widget.capture.keras.twins import twin
from lstm_widget.capture.record import Array

Values = list[tuple[Any, Array]]
"""Variables, each with the value that counts, whatever it has by now."""


def step(cell: Any, values: Values, inputs: Array, states: tuple[Array, ...]) -> tuple[Array, ...]:
    """Give the states after one step from each row of inputs and states, compiled as in a layer's loop."""
    arrays = (inputs, *states, *(value for _, value in values))
    key = (*options(cell), *((array.shape, array.dtype) for array in arrays))
    function = kept(cell, key, lambda: _compile(cell, [variable for variable, _ in values], arrays))
    return tuple(np.asarray(state) for state in function(*map(tf.convert_to_tensor, arrays)))


def _compile(cell: Any, variables: list[Any], arrays: tuple[Array, ...]) -> Any:
    # A graph that held the cell itself would never go with it.
    running, states = twin(cell), len(arrays) - 1 - len(variables)

    def once(inputs: Any, *rest: Any) -> Any:
        # Some cells draw a dropout mask that they then leave unused: the state of the seeds is not to move.
        with keras.StatelessScope(state_mapping=list(zip(variables, rest[states:], strict=True))):
            return keras.tree.flatten(running(inputs, list(rest[:states]), training=False)[1])

    specs = (tf.TensorSpec(array.shape, array.dtype) for array in arrays)
    return tf.function(once, autograph=False).get_concrete_function(*specs)
