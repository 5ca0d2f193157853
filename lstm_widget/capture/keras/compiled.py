"""Run a recurrent layer's own inner loop compiled, with every timestep of its output.

Eagerly that loop is Python, up to 70 times slower than what `predict` runs. The layer itself is never
touched: a twin that shares its cell, and so its weights, is asked for the whole sequence instead.
"""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, NamedTuple

import keras
import numpy as np
import tensorflow as tf

from lstm_widget.capture.record import Array

_SHAPES_A_LAYER = 4
"""Compiled functions kept for a layer; the least recently used goes first."""

_lock = threading.Lock()
_functions: weakref.WeakKeyDictionary[Any, OrderedDict[tuple[Any, ...], Any]] = weakref.WeakKeyDictionary()


class Loop(NamedTuple):
    """What a loop gave.

    Attributes
    ----------
    last : (sample, unit)
    outputs : (sample, timestep, unit)
    states : list of (sample, timestep, unit)
        What the cell carried besides its output: of a stack of cells all states of all cells. Empty where fused code
        ran, which gives back nothing else.
    final : list, or nested list, of (sample, unit)
    """

    last: Any
    outputs: Any
    states: list[Any]
    final: Any


class CompiledLoop:
    """``inner_loop`` of one layer under `tf.function`.

    Parameters
    ----------
    layer : keras.layers.RNN
    jit_compile : bool
        Compile with XLA.
    every_state : bool
        Let the output carry the other states of the cell or of the stack of cells: the loop gives back nothing else.
    without_zeros : bool
        Leave the outputs at masked timesteps as they come, whatever ``zero_output_for_mask`` says.
    """

    def __init__(self, layer: Any, *, jit_compile: bool, every_state: bool, without_zeros: bool = False) -> None:
        self._layer = layer
        self._jit_compile = jit_compile
        self._every_state = every_state
        self._without_zeros = without_zeros

    def __call__(self, sequences: Any, states: Any, mask: Any) -> Loop:
        """Run the layer's own loop."""
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
        last, outputs, carried, final = self._cached(key, states, tensors)(*tensors)
        return Loop(last, outputs, carried, keras.tree.pack_sequence_as(states, final))

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
        others = _besides_output(self._layer.cell, states) if self._every_state else []
        sizes = [int(state.shape[-1]) for state in others]

        def loop(sequences: Any, *rest: Any) -> tuple[Any, Any, list[Any], list[Any]]:
            given = keras.tree.pack_sequence_as(structure, list(rest[:count]))
            mask = rest[count] if len(rest) > count else None
            last, outputs, final = twin.inner_loop(sequences=sequences, initial_state=given, mask=mask, training=False)
            carried = []
            # cuDNN's code takes the weights and not the cell, and so gives no more than its output.
            if sizes and outputs.shape[-1] > (size := int(twin.cell.output_size)):
                outputs, *carried = tf.split(outputs, [size, *sizes], axis=-1)
                last = last[..., :size]
            return last, outputs, carried, keras.tree.flatten(final)

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


def _besides_output(cell: Any, states: Any) -> list[Any]:
    """Give the states that are not the output: of a single cell, whose output is its first state, all others."""
    flat: list[Any] = keras.tree.flatten(states)
    return flat if isinstance(cell, keras.layers.StackedRNNCells) else flat[1:]


class _EveryState:
    """A cell whose output is followed by its other new states; in all else the cell itself."""

    def __init__(self, cell: Any) -> None:
        self._cell = cell

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cell, name)

    def __call__(self, inputs: Any, states: Any, **_: Any) -> tuple[Any, Any]:
        output, new_states = self._cell(inputs, states, training=False)
        return keras.ops.concatenate([output, *_besides_output(self._cell, new_states)], axis=-1), new_states


def to_numpy(tensor: Any) -> Array:
    """Show a tensor as a read-only array, without a copy on a CPU; bfloat16 comes as the NumPy type of ml_dtypes."""
    return np.asarray(tensor)
