"""Run a recurrent layer's own inner loop compiled, with every timestep of its output.

Eagerly that loop is Python, up to 70 times slower than what `predict` runs. The layer itself is never
touched: a twin that shares its weights is asked for the whole sequence instead, and to tell what its cell computes.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, NamedTuple

import keras
import tensorflow as tf

from lstm_widget.capture.keras.cells import parts_of
from lstm_widget.capture.keras.executor import FEW, one_by_one
from lstm_widget.capture.keras.kept import kept, options
from lstm_widget.capture.keras.telling import Said, Tell, Telling
from lstm_widget.capture.keras.twins import twin


class Loop(NamedTuple):
    """What a loop gave.

    Attributes
    ----------
    last : (sample, unit)
    outputs : (sample, timestep, unit)
    everything : (sample, timestep, numbers)
        What the cell told at each step.
    layout : list of Said
        What stands where in it. No more than the hidden state where fused code ran, which gives back nothing else.
    final : list, or nested list, of (sample, unit)
    """

    last: Any
    outputs: Any
    everything: Any
    layout: list[Said]
    final: Any


class _Compiled(NamedTuple):
    function: Callable[..., Any]
    layout: list[Said]


class LayerLoop:
    """``inner_loop`` of one layer, in full length.

    Parameters
    ----------
    layer : keras.layers.RNN
    jit_compile : bool
        Compile with XLA.
    tell : {"output", "states", "gates"}
        Let the output carry more of what the cell, or the stack of cells, computes: the loop gives back nothing else.
    without_zeros : bool
        Leave the outputs at masked timesteps as they come, whatever ``zero_output_for_mask`` says.
    """

    def __init__(self, layer: Any, *, jit_compile: bool, tell: Tell, without_zeros: bool = False) -> None:
        self._layer = layer
        self._jit_compile = jit_compile
        self._tell = tell
        self._without_zeros = without_zeros

    def __call__(self, sequences: Any, states: Any, mask: Any) -> Loop:
        """Run the layer's own loop, or put it into the graph that is being made."""
        flat = keras.tree.flatten(states)
        tensors = [sequences, *flat] if mask is None else [sequences, *flat, mask]
        if tf.executing_eagerly():
            few = sequences.shape[0] <= FEW and not self._jit_compile
            with one_by_one(parts_of(self._layer.cell)) if few else nullcontext():
                compiled = kept(self._layer, self._key(tensors, mask), lambda: self._compile(states, tensors))
                last, outputs, everything, final = compiled.function(*tensors)
        else:
            # It may take its weights from that graph, and so goes with it, and is run as it is.
            compiled = self._compile(states, tensors)
            last, outputs, everything, final = compiled.function(*tensors)
        return Loop(last, outputs, everything, compiled.layout, keras.tree.pack_sequence_as(states, final))

    def _key(self, tensors: list[Any], mask: Any) -> tuple[Any, ...]:
        return (
            *(self._jit_compile, self._tell, self._without_zeros, mask is None),
            *(options(part) for part in (self._layer, *parts_of(self._layer.cell))),
            *((tuple(tensor.shape), tensor.dtype) for tensor in tensors),
        )

    def _compile(self, states: Any, tensors: list[Any]) -> _Compiled:
        cell = self._layer.cell if self._tell == "output" else Telling(self._layer.cell, self._tell)
        changes: dict[str, Any] = {"return_sequences": True, "cell": cell}
        if self._without_zeros:
            changes["zero_output_for_mask"] = False
        if self._jit_compile and "use_cudnn" in vars(self._layer):
            changes["use_cudnn"] = False  # cuDNN's kernels cannot be compiled by XLA
        looping = twin(self._layer, **changes)
        structure = keras.tree.map_structure(lambda _: 0, states)
        count = len(keras.tree.flatten(states))

        def loop(sequences: Any, *rest: Any) -> tuple[Any, Any, Any, list[Any]]:
            given = keras.tree.pack_sequence_as(structure, list(rest[:count]))
            mask = rest[count] if len(rest) > count else None
            last, everything, final = looping.inner_loop(
                sequences=sequences, initial_state=given, mask=mask, training=False
            )
            size = _layout(cell, int(everything.shape[-1]))[0].size
            return last[..., :size], everything[..., :size], everything, keras.tree.flatten(final)

        function = tf.function(loop, autograph=False, jit_compile=self._jit_compile)
        # One graph a shape, asked for by name: TensorFlow would warn of functions made in a loop.
        graph = function.get_concrete_function(*(tf.TensorSpec(t.shape, t.dtype) for t in tensors))
        return _Compiled(graph, _layout(cell, int(graph.outputs[2].shape[-1])))


def _layout(cell: Any, width: int) -> list[Said]:
    # cuDNN's code takes the weights and not the cell, and so gives no more than its output.
    asked = cell.layout if isinstance(cell, Telling) else []
    return asked if sum(said.size for said in asked) == width else [Said(0, "hidden_state", width)]
