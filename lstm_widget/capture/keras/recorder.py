"""Stand in for the classes of Keras during one run of the model and write down its recurrent layers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import keras
import tensorflow as tf

from lstm_widget import memory
from lstm_widget.capture.keras import cells
from lstm_widget.capture.keras.dispatch import Original
from lstm_widget.capture.keras.folding import folded
from lstm_widget.capture.keras.heard import Announce, Heard, Part, Tensors, announce_all
from lstm_widget.capture.keras.loops import LayerLoop, Loop
from lstm_widget.capture.keras.names import CallNames
from lstm_widget.capture.keras.telling import Tell
from lstm_widget.capture.record import Cell, LayerRun
from lstm_widget.errors import InputError, LSTMWidgetError, ModelChangedError, UnsupportedLayerError
from lstm_widget.quantities import QUANTITIES

Wanted = Callable[[str, Any, bool], bool]
"""``wanted(name, layer, numbered)``: whether that call is to be written down. Inside a TimeDistributed the calls under
a name are not numbered yet: then, whether any of them is."""


class LayerRecorder:
    """Write down the calls of one run of a model, as `dispatch.Recorder`.

    Parameters
    ----------
    model : keras.Model or keras.layers.Layer
    jit_compile : bool
    wanted : callable
    announce : callable
        May raise to keep a layer from running.

    Attributes
    ----------
    runs : list of LayerRun
        In call order.
    seen : list of str
        The names of all recurrent calls, wanted or not.
    error : LSTMWidgetError or None
        The first error of our own; graph code may wrap it on the way up.
    """

    def __init__(self, model: Any, *, jit_compile: bool, wanted: Wanted, announce: Announce) -> None:
        self._names = CallNames(model)
        self._jit_compile = jit_compile
        self._wanted = wanted
        self._announce = announce
        self._busy = False
        self._folds: list[int] = []
        self.runs: list[LayerRun] = []
        self.seen: list[str] = []
        self.error: LSTMWidgetError | None = None

    def inner_loop(self, original: Original, layer: Any, *args: Any, **kwargs: Any) -> Any:
        """Run the layer's own loop compiled, in full length, and write it down."""
        if self._busy:
            return original(layer, *args, **kwargs)
        call = _bind(*args, **kwargs)
        try:
            with self._occupied():
                return self._record(layer, call, partial(original, layer, *args, **kwargs))
        except BaseException as error:
            if isinstance(error, LSTMWidgetError):
                self.error = self.error or error
            # The layer would have done it at the end of its call; stale masks would spoil the next training step.
            layer._maybe_reset_dropout_masks(layer.cell)  # noqa: SLF001
            raise

    def time_distributed(self, original: Original, layer: Any, *args: Any, **kwargs: Any) -> Any:
        """Fold the calls of the inner layer, one a timestep, into the samples of one call."""
        inputs = args[0] if args else kwargs["inputs"]
        steps = int(inputs.shape[1])
        first = len(self.runs)
        self._folds.append(steps)
        try:
            result = original(layer, *args, **kwargs)
        finally:
            self._folds.pop()
        together = folded(self.runs[first:], steps)
        if not self._folds:
            together = [replace(run, name=self._names.numbered(run.name)) for run in together]
            self.seen.extend(run.name for run in together)
            together = [run for run in together if self._wanted(run.name, run.layer, True)]  # noqa: FBT003
        self.runs[first:] = together
        return result

    def graph_function(self, original: Original, function: Any, *args: Any, **kwargs: Any) -> Any:
        """Run what the user decorated with `tf.function` as plain Python: nothing is traced or re-used.

        TensorFlow's own helpers and our compiled loops stay graphs.
        """
        own = (getattr(function.python_function, "__module__", None) or "").startswith(("tensorflow.", "keras."))
        if self._busy or own:
            return original(function, *args, **kwargs)
        return function.python_function(*args, **kwargs)

    def fused_directions(self, original: Original, layer: Any, *args: Any, **kwargs: Any) -> bool:
        """Keep the two directions of a Bidirectional apart: fused, there is no inner loop to see."""
        del original, layer, args, kwargs
        return False

    @contextmanager
    def _occupied(self) -> Iterator[None]:
        self._busy = True
        try:
            yield
        finally:
            self._busy = False

    def _record(self, layer: Any, call: Call, plainly: Callable[[], Any]) -> Any:
        path = self._names.path(layer)
        parts = [
            self._part(name, cell, layer)
            for name, cell in zip(_names(path, layer), cells.parts_of(layer.cell), strict=True)
        ]
        in_reach = self._is_in_reach(call)
        if not any(part.wanted for part in parts) and not (in_reach and _is_one_sequence(call)):
            return plainly()
        _refuse_what_cannot_be_read(path, layer, call, in_reach=in_reach)
        return self._run(layer, call, parts)

    def _part(self, path: str, cell: Any, layer: Any) -> Part:
        # Inside a TimeDistributed the same call comes once a timestep; it is numbered when they are folded.
        name = path if self._folds else self._names.numbered(path)
        wanted = self._wanted(name, layer, not self._folds)
        if not self._folds or (not wanted and name not in self.seen):
            self.seen.append(name)
        return Part(name, cell, wanted)

    def _run(self, layer: Any, call: Call, parts: list[Part]) -> Any:
        read = [part.read() for part in parts]
        announce_all(self._announce, parts, read, call.sequences.shape, math.prod(self._folds))
        ran, heard = self._hear(layer, call, parts)
        for part, cell in zip(parts, read, strict=True):
            _refuse_changed_weights(part, cell)
        if any(part.wanted for part in parts):
            self.runs.extend(heard.written(read))
        return ran.last, ran.outputs, ran.final

    def _hear(self, layer: Any, call: Call, parts: list[Part]) -> tuple[Loop, Heard]:
        loop = partial(LayerLoop, layer, jit_compile=self._jit_compile, tell=_tell(parts, call.sequences))
        given = call.sequences, call.states, call.mask
        ran = recorded = loop()(*given)
        if call.mask is not None and _zeroes_what_ran(layer):
            recorded = loop(without_zeros=True)(*given)
        heard = Heard(
            layer=layer,
            parts=parts,
            layout=recorded.layout,
            tensors=Tensors(*given, recorded.everything, ran.final),
            jit_compile=self._jit_compile,
            stateful=bool(layer.stateful) and not self._folds,
        )
        return ran, heard

    def _is_in_reach(self, call: Call) -> bool:
        return not any(map(tf.is_symbolic_tensor, call.tensors))


@dataclass(frozen=True)
class Call:
    """What the loop of a recurrent layer was given."""

    sequences: Any
    states: Any
    mask: Any
    training: Any

    @property
    def tensors(self) -> list[Any]:
        """All of them."""
        return [leaf for leaf in keras.tree.flatten((self.sequences, self.states, self.mask)) if leaf is not None]


def _bind(sequences: Any, initial_state: Any, mask: Any = None, training: Any = False) -> Call:  # noqa: FBT002
    mask = mask[0] if isinstance(mask, list | tuple) else mask
    states = initial_state if keras.tree.is_nested(initial_state) else [initial_state]
    # A stateful layer hands over its variables.
    return Call(sequences, keras.tree.map_structure(tf.convert_to_tensor, list(states)), mask, training)


def _is_one_sequence(call: Call) -> bool:
    return not keras.tree.is_nested(call.sequences)


def _refuse_what_cannot_be_read(name: str, layer: Any, call: Call, *, in_reach: bool) -> None:
    if not in_reach:
        msg = (
            f"layer {name!r} ran inside a graph (tf.vectorized_map, or a function that TensorFlow traced), where its "
            "tensors cannot be read. Call it outside, or extract from the layer itself: extract(layer, its_inputs)"
        )
        raise UnsupportedLayerError(msg)
    if not _is_one_sequence(call):
        msg = f"layer {name!r} was given several sequences at once; supported is one tensor"
        raise UnsupportedLayerError(msg)
    if 0 in call.sequences.shape[:2]:
        msg = f"layer {name!r} was given {call.sequences.shape[1]} timesteps of {call.sequences.shape[0]} samples"
        raise InputError(f"{msg}; pass at least one of each")
    dropout = any(
        getattr(cell, "dropout", 0) or getattr(cell, "recurrent_dropout", 0) for cell in cells.parts_of(layer.cell)
    )
    if call.training is True and dropout:
        msg = (
            f"layer {name!r} was called with training=True and has dropout: its numbers are drawn anew at each run. "
            "Call it with training=False"
        )
        raise UnsupportedLayerError(msg)


def _zeroes_what_ran(layer: Any) -> bool:
    """Say whether Keras may zero outputs at the wrong timesteps: unrolled backwards, 3.15 forgets to turn the mask.

    The model goes on with those zeros, as in predict; h itself is then recorded by a run without them.
    """
    return bool(layer.unroll and layer.go_backwards and getattr(layer, "zero_output_for_mask", False))


def _names(path: str, layer: Any) -> list[str]:
    """Give the path of each cell; the only one has the layer's."""
    stacked = isinstance(layer.cell, keras.layers.StackedRNNCells)
    return [f"{path}/{cell.name}" for cell in layer.cell.cells] if stacked else [path]


def _tell(parts: list[Part], sequences: Any) -> Tell:
    """Say how much the cells are to tell: their gates, too, where there is memory for what the loop then carries.

    Without them the gates are computed again from h and c, which takes longer and less memory.
    """
    wanted = [(cells.kind_of(part.cell), part.cell.units) for part in parts if part.wanted]
    if not wanted:
        return "output"
    steps = int(sequences.shape[0]) * int(sequences.shape[1])
    numbers = steps * sum(len(QUANTITIES[kind]) * units for kind, units in wanted if kind is not None)
    # The loop gathers its steps and then turns them round: that many copies there are at once.
    needed = 3 * numbers * sequences.dtype.size
    return "gates" if needed <= memory.free_bytes() // 2 else "states"


def _refuse_changed_weights(part: Part, read: Cell | None) -> None:
    if read is not None and not cells.unchanged(read, part.cell):
        msg = (
            f"the weights of layer {part.name!r} changed while it ran, so no gates belong to this run. "
            "Is the model being trained in another thread? Extract from a callback, or after training"
        )
        raise ModelChangedError(msg)
