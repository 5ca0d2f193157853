"""The run of a model as one graph, traced once, that runs quickly and often while the model is trained.

As `fit` and `predict` do, it runs what the model's Python code did when it was traced.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import keras
import tensorflow as tf

from lstm_widget.capture.keras.batches import Batch
from lstm_widget.capture.keras.calling import call, in_its_own_words, written_down
from lstm_widget.capture.keras.cells import parts_of, reads_what_may_change
from lstm_widget.capture.keras.dispatch import watching
from lstm_widget.capture.keras.executor import give_the_same, one_by_one
from lstm_widget.capture.keras.heard import Announce, Heard, Part, Tensors, announce_all
from lstm_widget.capture.keras.recorder import Call, LayerRecorder, Wanted
from lstm_widget.capture.record import BatchRun, LayerRun
from lstm_widget.errors import UnsupportedLayerError


class Ran(NamedTuple):
    """What a batch gave, as tensors: it can be written down when the model has other weights, in any thread.

    Attributes
    ----------
    batch : Batch
    outputs : tree of tensor
    tensors : list of Tensors
        Of each call that was heard.
    values : list of tensor
        What the variables were that are read with it: no step of training changes them, nor are they copied before.
    """

    batch: Batch
    outputs: Any
    tensors: list[Tensors]
    values: list[Any]


class TracedModel:
    """A model, traced on some batches.

    Parameters
    ----------
    model : keras.Model or keras.layers.Layer
    batches : list of Batch
        All that will be run.
    jit_compile : bool
    wanted : callable

    Raises
    ------
    UnsupportedLayerError
        If a graph would not show what the model does.
    """

    def __init__(self, model: Any, batches: list[Batch], *, jit_compile: bool, wanted: Wanted) -> None:
        self._model = model
        self._graphs: dict[Any, _Graph] = {}
        self._given = {batch.start: _tensors(batch) for batch in batches}
        for batch in batches:
            if (shape := _shape(batch)) not in self._graphs:
                graph = self._traced(batch, jit_compile=jit_compile, wanted=wanted)
                if graph.writes and len(batches) > 1:
                    msg = f"{model.name!r} keeps something from one batch to the next"
                    raise UnsupportedLayerError(msg)
                self._graphs[shape] = graph
                # The first run takes longer, and shows whether there can be one.
                self.run(batch)

    def run(self, batch: Batch) -> Ran:
        """Run one of the batches."""
        graph = self._graphs[_shape(batch)]
        with in_its_own_words(self._model, batch), one_by_one(graph.cells):
            return Ran(batch, *graph.function(self._given[batch.start]))

    def written_down(self, ran: Ran, *, announce: Announce) -> BatchRun:
        """Write down what a batch gave."""
        graph = self._graphs[_shape(ran.batch)]
        runs: list[LayerRun] = []
        # What is read of a layer is what it was then.
        with keras.StatelessScope(list(zip(graph.variables, ran.values, strict=True))):
            for heard, tensors in zip(graph.heard, ran.tensors, strict=True):
                read = [part.read() for part in heard.parts]
                announce_all(announce, heard.parts, read, tensors.sequences.shape, 1)
                runs.extend(replace(heard, tensors=tensors).written(read))
        return written_down(self._model, ran.batch, runs, ran.outputs, graph.seen)

    def _traced(self, batch: Batch, *, jit_compile: bool, wanted: Wanted) -> _Graph:
        recorder: _GraphRecorder
        variables: list[Any]
        writes = False

        def run(inputs: Any) -> tuple[Any, list[Tensors], list[Any]]:
            nonlocal recorder, variables, writes
            recorder = _GraphRecorder(self._model, jit_compile=jit_compile, wanted=wanted)
            with keras.StatelessScope() as scope, watching(recorder):
                outputs = call(self._model, inputs)
            writes = bool(scope.state_mapping)
            variables = self._read_with(recorder.heard)
            values = [tf.convert_to_tensor(variable) for variable in variables]
            return outputs, [heard.tensors for heard in recorder.heard], values

        given = self._given[batch.start]
        specs = keras.tree.map_structure(lambda tensor: tf.TensorSpec(tensor.shape, tensor.dtype), given)
        layers = [layer for layer in self._model._flatten_layers() if isinstance(layer, keras.layers.RNN)]  # noqa: SLF001
        tracked = [cell for layer in layers for cell in parts_of(layer.cell)]
        with one_by_one(tracked):
            function = tf.function(run, autograph=False).get_concrete_function(specs)
        if give_the_same(tracked) != give_the_same(recorder.cells):
            # Keras does not track all that ran.
            with one_by_one(recorder.cells):
                function = tf.function(run, autograph=False).get_concrete_function(specs)
        return _Graph(function, recorder.heard, recorder.seen, variables, recorder.cells, writes=writes)

    def _read_with(self, heard: list[Heard]) -> list[Any]:
        """Give the variables of the cells, and of whatever may read their h."""
        readers = [layer for layer in self._model._flatten_layers() if isinstance(layer, keras.layers.Dense)]  # noqa: SLF001
        read = [variable for layer in (*(each.layer for each in heard), *readers) for variable in layer.variables]
        return list({id(variable): variable for variable in read}.values())


class _Graph(NamedTuple):
    function: Any
    heard: list[Heard]
    seen: list[str]
    variables: list[Any]
    cells: list[Any]
    writes: bool


class _GraphRecorder(LayerRecorder):
    """Hears the recurrent layers while a graph is made of them."""

    def __init__(self, model: Any, *, jit_compile: bool, wanted: Wanted) -> None:
        super().__init__(model, jit_compile=jit_compile, wanted=wanted, announce=lambda *_: None)
        self._graph = tf.compat.v1.get_default_graph()
        self.heard: list[Heard] = []
        self.cells: list[Any] = []

    def _is_in_reach(self, call: Call) -> bool:
        return all(tensor.graph is self._graph for tensor in call.tensors if tf.is_symbolic_tensor(tensor))

    def _run(self, layer: Any, call: Call, parts: list[Part]) -> Any:
        if self._folds:
            msg = f"layer {parts[0].name!r} runs once a timestep of a TimeDistributed: that makes too large a graph"
            raise UnsupportedLayerError(msg)
        if any(part.wanted and reads_what_may_change(part.cell) for part in parts):
            msg = f"layer {parts[0].name!r} has an activation that may be another one later"
            raise UnsupportedLayerError(msg)
        ran, heard = self._hear(layer, call, parts)
        self.cells += [part.cell for part in parts]
        if any(part.wanted for part in parts):
            self.heard.append(heard)
        return ran.last, ran.outputs, ran.final


def _shape(batch: Batch) -> tuple[Any, ...]:
    return tuple(leaf.shape for leaf in keras.tree.flatten(batch.inputs))


def _tensors(batch: Batch) -> Any:
    return keras.tree.map_structure(tf.convert_to_tensor, batch.inputs)
