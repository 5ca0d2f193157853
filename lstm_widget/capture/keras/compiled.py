"""Run a recurrent layer's own inner loop compiled, with every timestep of its output.

Eagerly that loop is Python, up to 70 times slower than what `predict` runs. The layer itself is never
touched: a twin that shares its cell, and so its weights, is asked for the whole sequence instead.
"""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf

from lstm_widget.capture.record import Array

_SHAPES_A_LAYER = 4
"""Compiled functions kept for a layer; the least recently used goes first."""

_lock = threading.Lock()
_functions: weakref.WeakKeyDictionary[Any, OrderedDict[tuple[Any, ...], Any]] = weakref.WeakKeyDictionary()


class CompiledLoop:
    """``inner_loop`` of one layer under `tf.function`.

    Parameters
    ----------
    layer : keras.layers.RNN
    jit_compile : bool
        Compile with XLA.
    every_state : bool
        Let the output carry all states of all cells, for stacked cells whose inner ones give back nothing else.
    without_zeros : bool
        Leave the outputs at masked timesteps as they come, whatever ``zero_output_for_mask`` says.
    """

    def __init__(self, layer: Any, *, jit_compile: bool, every_state: bool, without_zeros: bool = False) -> None:
        self._layer = layer
        self._jit_compile = jit_compile
        self._every_state = every_state
        self._without_zeros = without_zeros

    def __call__(self, sequences: Any, states: Any, mask: Any) -> tuple[Any, Any, Any]:
        """Give what ``inner_loop`` gives: last output, output at every timestep, final states."""
        flat = keras.tree.flatten(states)
        key = (
            self._jit_compile,
            self._every_state,
            self._without_zeros,
            _options(self._layer),
            tuple((tuple(tensor.shape), tensor.dtype) for tensor in (sequences, *flat)),
            None if mask is None else (tuple(mask.shape), mask.dtype),
        )
        tensors = [sequences, *flat] if mask is None else [sequences, *flat, mask]
        last, outputs, final = self._cached(key, states, tensors)(*tensors)
        return last, outputs, keras.tree.pack_sequence_as(states, final)

    def _cached(self, key: tuple[Any, ...], states: Any, tensors: list[Any]) -> Callable[..., Any]:
        with _lock:
            functions = _functions.setdefault(self._layer, OrderedDict())
            if key not in functions:
                functions[key] = self._compile(states, tensors)
            functions.move_to_end(key)
            while len(functions) > _SHAPES_A_LAYER:
                functions.popitem(last=False)
            function: Callable[..., Any] = functions[key]
        return function

    def _compile(self, states: Any, tensors: list[Any]) -> Callable[..., Any]:
        twin = _twin(self._layer)
        if self._every_state:
            twin.__dict__["cell"] = _EveryState(twin.cell)
        if self._without_zeros:
            twin.__dict__["zero_output_for_mask"] = False
        if self._jit_compile and "use_cudnn" in twin.__dict__:
            twin.__dict__["use_cudnn"] = False  # cuDNN's kernels cannot be compiled by XLA
        structure = keras.tree.map_structure(lambda _: 0, states)
        count = len(keras.tree.flatten(states))

        def loop(sequences: Any, *rest: Any) -> tuple[Any, Any, list[Any]]:
            given = keras.tree.pack_sequence_as(structure, list(rest[:count]))
            mask = rest[count] if len(rest) > count else None
            last, outputs, final = twin.inner_loop(sequences=sequences, initial_state=given, mask=mask, training=False)
            return last, outputs, keras.tree.flatten(final)

        function = tf.function(loop, autograph=False, jit_compile=self._jit_compile)
        # One graph a shape, asked for by name: TensorFlow would warn of functions made in a loop.
        compiled: Callable[..., Any] = function.get_concrete_function(
            *(tf.TensorSpec(t.shape, t.dtype) for t in tensors)
        )
        return compiled


def _options(layer: Any) -> tuple[Any, ...]:
    # Each may be set on a layer at any time, and each changes what its loop does.
    return tuple(getattr(layer, name, None) for name in ("go_backwards", "unroll", "zero_output_for_mask", "use_cudnn"))


def _twin(layer: Any) -> Any:
    """Share all of the layer's attributes but those that would hold the layer itself in memory."""
    twin = object.__new__(type(layer))
    holders = {"build", "quantize", "_inbound_nodes", "_outbound_nodes"}
    twin.__dict__.update({name: value for name, value in vars(layer).items() if name not in holders})
    twin.__dict__["return_sequences"] = True
    return twin


class _EveryState:
    """A cell whose output is followed by all of its new states."""

    def __init__(self, cell: Any) -> None:
        self._cell = cell

    def __call__(self, inputs: Any, states: Any) -> tuple[Any, Any]:
        output, new_states = self._cell(inputs, states, training=False)
        return keras.ops.concatenate([output, *keras.tree.flatten(new_states)], axis=-1), new_states


def to_numpy(tensor: Any) -> Array:
    """Copy a tensor out; bfloat16 comes as the NumPy type of ml_dtypes."""
    array: Array = keras.ops.convert_to_numpy(tensor)
    return array
