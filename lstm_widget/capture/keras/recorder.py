"""Stand in for the classes of Keras during one run of the model and write down its recurrent layers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from lstm_widget import memory
from lstm_widget.capture.keras import cells
from lstm_widget.capture.keras.arrays import to_numpy
from lstm_widget.capture.keras.compiled import CompiledLoop
from lstm_widget.capture.keras.dispatch import Original
from lstm_widget.capture.keras.names import CallNames
from lstm_widget.capture.keras.readout import readout
from lstm_widget.capture.keras.telling import Tell
from lstm_widget.capture.record import Array, Cell, LayerRun
from lstm_widget.errors import InputError, LSTMWidgetError, ModelChangedError, UnsupportedLayerError
from lstm_widget.quantities import QUANTITIES

Wanted = Callable[[str, Any, bool], bool]
"""``wanted(name, layer, numbered)``: whether that call is to be written down. Inside a TimeDistributed the calls under
a name are not numbered yet: then, whether any of them is."""

Announce = Callable[[str, Cell, tuple[int, int, int]], None]
"""Told of (name, cell, (samples a row, timesteps, features)) before a layer runs."""


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
        folded = _folded(self.runs[first:], steps)
        if not self._folds:
            folded = [replace(run, name=self._names.numbered(run.name)) for run in folded]
            self.seen.extend(run.name for run in folded)
            folded = [run for run in folded if self._wanted(run.name, run.layer, True)]  # noqa: FBT003
        self.runs[first:] = folded
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

    def _record(self, layer: Any, call: _Call, plainly: Callable[[], Any]) -> Any:
        path = self._names.path(layer)
        parts = [_Part(self._name(part), cell) for part, cell in _cells(path, layer)]
        wanted = [self._wanted(part.name, layer, not self._folds) for part in parts]
        for part, want in zip(parts, wanted, strict=True):
            if not self._folds or (not want and part.name not in self.seen):
                self.seen.append(part.name)
        if not any(wanted) and not _is_readable(call):
            return plainly()
        _refuse_what_cannot_be_read(path, layer, call)
        for part, want in zip(parts, wanted, strict=True):
            part.read = cells.read(part.name, part.cell) if want else None
        self._announce_all(parts, call.sequences.shape)

        tell = _tell([part.read for part in parts if part.read is not None], call.sequences)
        loop = CompiledLoop(layer, jit_compile=self._jit_compile, tell=tell)
        ran = recorded = loop(call.sequences, call.states, call.mask)
        if call.mask is not None and _zeroes_what_ran(layer):
            whole = CompiledLoop(layer, jit_compile=self._jit_compile, tell=tell, without_zeros=True)
            recorded = whole(call.sequences, call.states, call.mask)

        if any(wanted):
            self._write_down(layer, call, parts, recorded.told, ran.final)
        return ran.last, ran.outputs, ran.final

    def _write_down(self, layer: Any, call: _Call, parts: list[_Part], told: list[dict[str, Array]], end: Any) -> None:
        stacked = isinstance(layer.cell, keras.layers.StackedRNNCells)
        inputs = to_numpy(call.sequences)
        inputs = inputs[:, ::-1] if layer.go_backwards else inputs
        for part, own, before, after in zip(
            parts, told, _by_cell(call.states, stacked), _by_cell(end, stacked), strict=True
        ):
            h = own.pop("hidden_state")
            if part.read is not None:
                _refuse_changed_weights(part)
                run = LayerRun(
                    name=part.name,
                    layer=layer,
                    cell=part.read,
                    inputs=inputs,
                    initial_state=tuple(map(to_numpy, before)),
                    mask=_mask(call.mask, backward=layer.go_backwards),
                    outputs=h,
                    told=own,
                    final_state=tuple(map(to_numpy, after)),
                    backward=bool(layer.go_backwards),
                    outer=(),
                    stateful=bool(layer.stateful) and not self._folds,
                    how=self._how(part.cell),
                    readout=None if stacked else readout(layer),
                )
                self.runs.append(run)
            inputs = h

    def _name(self, path: str) -> str:
        # Inside a TimeDistributed the same call comes once a timestep; it is numbered when they are folded.
        return path if self._folds else self._names.numbered(path)

    def _announce_all(self, parts: list[_Part], shape: Any) -> None:
        _, timesteps, features = map(int, shape[:3])  # more than three only where nothing is wanted: pictures
        for part in parts:
            if part.read is not None:
                self._announce(part.name, part.read, (math.prod(self._folds), timesteps, features))
                features = part.read.units

    def _how(self, cell: Any) -> str:
        compiled = "XLA" if self._jit_compile else "tf.function"
        device = "GPU" if tf.config.list_logical_devices("GPU") else "CPU"
        return f"Keras {keras.__version__}, TensorFlow {tf.__version__}, {compiled}, {device}, {cell.compute_dtype}"


@dataclass(frozen=True)
class _Call:
    sequences: Any
    states: Any
    mask: Any
    training: Any


def _bind(sequences: Any, initial_state: Any, mask: Any = None, training: Any = False) -> _Call:  # noqa: FBT002
    mask = mask[0] if isinstance(mask, list | tuple) else mask
    states = initial_state if keras.tree.is_nested(initial_state) else [initial_state]
    # A stateful layer hands over its variables.
    return _Call(sequences, keras.tree.map_structure(tf.convert_to_tensor, list(states)), mask, training)


def _is_readable(call: _Call) -> bool:
    return not keras.tree.is_nested(call.sequences) and not _is_symbolic(call)


def _is_symbolic(call: _Call) -> bool:
    leaves = keras.tree.flatten((call.sequences, call.states, call.mask))
    return any(tf.is_symbolic_tensor(leaf) for leaf in leaves if leaf is not None)


def _refuse_what_cannot_be_read(name: str, layer: Any, call: _Call) -> None:
    if _is_symbolic(call):
        msg = (
            f"layer {name!r} ran inside a graph (tf.vectorized_map, or a function that TensorFlow traced), where its "
            "tensors cannot be read. Call it outside, or extract from the layer itself: extract(layer, its_inputs)"
        )
        raise UnsupportedLayerError(msg)
    if keras.tree.is_nested(call.sequences):
        msg = f"layer {name!r} was given several sequences at once; supported is one tensor"
        raise UnsupportedLayerError(msg)
    if 0 in call.sequences.shape[:2]:
        msg = f"layer {name!r} was given {call.sequences.shape[1]} timesteps of {call.sequences.shape[0]} samples"
        raise InputError(f"{msg}; pass at least one of each")
    dropout = any(getattr(cell, "dropout", 0) or getattr(cell, "recurrent_dropout", 0) for _, cell in _cells("", layer))
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


@dataclass
class _Part:
    """One cell of the layer: its name, and what was read of it if it is wanted."""

    name: str
    cell: Any
    read: Cell | None = None


def _cells(path: str, layer: Any) -> list[tuple[str, Any]]:
    if not isinstance(layer.cell, keras.layers.StackedRNNCells):
        return [(path, layer.cell)]
    return [(f"{path}/{cell.name}", cell) for cell in layer.cell.cells]


def _by_cell(states: Any, stacked: bool) -> list[list[Any]]:  # noqa: FBT001
    if not stacked:
        return [keras.tree.flatten(states)]
    return [keras.tree.flatten(state) for state in states]


def _tell(wanted: list[Cell], sequences: Any) -> Tell:
    """Say how much the cells are to tell: their gates, too, where there is memory for what the loop then carries.

    Without them the gates are computed again from h and c, which takes longer and less memory.
    """
    if not wanted:
        return "output"
    steps = int(sequences.shape[0]) * int(sequences.shape[1])
    numbers = steps * sum(len(QUANTITIES[cell.kind]) * cell.units for cell in wanted)
    # The loop gathers its steps and then turns them round: that many copies there are at once.
    needed = 3 * numbers * sequences.dtype.size
    return "gates" if needed <= memory.free_bytes() // 2 else "states"


def _mask(mask: Any, *, backward: bool) -> Array | None:
    if mask is None:
        return None
    array = to_numpy(mask).astype(bool)
    array = array[..., 0] if array.ndim == 3 else array  # noqa: PLR2004
    return array[:, ::-1] if backward else array


def _refuse_changed_weights(part: _Part) -> None:
    if part.read is not None and not cells.unchanged(part.read, part.cell):
        msg = (
            f"the weights of layer {part.name!r} changed while it ran, so no gates belong to this run. "
            "Is the model being trained in another thread? Extract from a callback, or after training"
        )
        raise ModelChangedError(msg)


def _folded(runs: list[LayerRun], steps: int) -> list[LayerRun]:
    """Make one run of the runs at all timesteps of a TimeDistributed; sample = row * steps + timestep."""
    calls = len(runs) // steps
    return [_fold(runs[call::calls], steps) for call in range(calls)]


def _fold(runs: list[LayerRun], steps: int) -> LayerRun:
    def together(*arrays: Array) -> Array:
        # Samples of a call are rows, times what an inner TimeDistributed folded; this one's timestep comes between.
        inner = math.prod(runs[0].outer)
        stacked = np.stack([array.reshape(-1, inner, *array.shape[1:]) for array in arrays], axis=1)
        return stacked.reshape(-1, *arrays[0].shape[1:])

    masks = [run.mask for run in runs if run.mask is not None]
    return replace(
        runs[0],
        inputs=together(*(run.inputs for run in runs)),
        initial_state=tuple(map(together, *(run.initial_state for run in runs))),
        mask=together(*masks) if masks else None,
        outputs=together(*(run.outputs for run in runs)),
        told={name: together(*(run.told[name] for run in runs)) for name in runs[0].told},
        final_state=tuple(map(together, *(run.final_state for run in runs))),
        outer=(steps, *runs[0].outer),
    )
