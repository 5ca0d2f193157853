"""Where a widget's numbers come from: a trace that is there, or a model that is asked sample by sample."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, Protocol

import numpy as np

from lstm_widget import extraction
from lstm_widget.analysis.outputs import output_of, with_output
from lstm_widget.analysis.rows import pieces_of
from lstm_widget.capture.record import Array
from lstm_widget.cutting import cut, rows_of
from lstm_widget.errors import InputError
from lstm_widget.layer_trace import LayerTrace
from lstm_widget.memory import free_bytes
from lstm_widget.trace import Trace

_CACHE_BYTES = 256_000_000
_TOGETHER_BYTES = 64_000_000
_TOGETHER_ROWS = 32
"""Rows of one batch of predict, which runs as a whole anyway."""


_UNKNOWN = object()


class Source(Protocol):
    """Gives traces of one sample at a time."""

    layers: list[str]
    rows: int
    """Of the input, that one may choose from; of a stateful model, whose rows are one stream, of its first batch."""

    def samples(self, layer: str) -> int:
        """Say how many samples a layer has."""

    def at(self, layer: str, sample: int) -> tuple[Trace, LayerTrace, int]:
        """Give a trace that holds the sample, its layer, and the sample's index in that layer."""

    def any(self, layer: str) -> tuple[Trace, LayerTrace, int]:
        """Give some sample, as `at` does: one that is there, if one is."""

    def whole(self, rows: list[int]) -> Trace:
        """Give a trace that holds all of these input rows, and of them only."""

    def outputs(self) -> Any:
        """Give what the model returned for all rows, as one array; None if it returned several."""

    def inputs(self) -> Any:
        """Give the model's input, all rows; None if it is no single array."""

    def changed(self) -> str:
        """Say in words what has other weights now than when its numbers were made; empty if nothing has."""

    def refresh(self) -> None:
        """Forget all numbers, so that they are made anew."""


class TraceSource:
    """Everything is there."""

    def __init__(self, trace: Trace, output: str | int | None = None) -> None:
        if not len(trace):
            msg = "the trace holds no layer; extract one with a recurrent layer in it"
            raise InputError(msg)
        self._trace = with_output(trace, output)
        self.layers = list(trace)
        self.rows = rows_of(trace)

    def samples(self, layer: str) -> int:
        """Say how many samples a layer has."""
        return self._trace[layer].samples

    def at(self, layer: str, sample: int) -> tuple[Trace, LayerTrace, int]:
        """Give the trace itself."""
        return self._trace, self._trace[layer], sample

    def any(self, layer: str) -> tuple[Trace, LayerTrace, int]:
        """Give the first."""
        return self.at(layer, 0)

    def whole(self, rows: list[int]) -> Trace:
        """Cut the trace."""
        return self._trace if rows == list(range(self.rows)) else cut(self._trace, rows)

    def outputs(self) -> Any:
        """Give what the model returned."""
        return self._trace.outputs if isinstance(self._trace.outputs, np.ndarray) else None

    def inputs(self) -> Any:
        """Give the model's input."""
        return self._trace.inputs if isinstance(self._trace.inputs, np.ndarray) else None

    def changed(self) -> str:
        """Compare with the layers that the trace was made of, as long as they live."""
        return _changed(self._trace)

    def refresh(self) -> None:
        """Refuse: a trace is what it is."""
        msg = "this widget shows a trace, which does not know its inputs' model; extract again and open that trace"
        raise InputError(msg)


class ModelSource:
    """Extract the sample on screen and its neighbours, as many as a bound on memory allows, and keep some.

    Parameters
    ----------
    model, inputs
        As for `lstm_widget.extract`. Not a stateful model: its rows are one stream.
    rows : int
        How many rows the inputs have.
    output : str or int, optional
        Which of several.
    """

    def __init__(self, model: Any, inputs: Any, rows: int, output: str | int | None = None) -> None:
        self._model = model
        self._inputs = inputs
        self._output = output
        self.rows = rows
        self._kept: OrderedDict[int, tuple[Trace, int]] = OrderedDict()
        self._outputs: Any = _UNKNOWN
        self._together = 1
        first, _ = self._row(0)
        # A power of two, so that the rows that are extracted together lie in one batch.
        fitting = max(1, min(_TOGETHER_ROWS, _TOGETHER_BYTES // max(1, _bytes([first]))))
        self._together = 1 << (fitting.bit_length() - 1)
        self.layers = list(first)
        self._repeats = {name: _repeats(layer) for name, layer in first.items()}

    def samples(self, layer: str) -> int:
        """Say how many samples a layer has: a TimeDistributed makes several of one row."""
        return self.rows * self._repeats[layer]

    def at(self, layer: str, sample: int) -> tuple[Trace, LayerTrace, int]:
        """Extract the sample's row, if it is not kept."""
        repeats = self._repeats[layer]
        trace, place = self._row(sample // repeats)
        return trace, trace[layer], place * repeats + sample % repeats

    def any(self, layer: str) -> tuple[Trace, LayerTrace, int]:
        """Give the one that was asked for last."""
        return self.at(layer, next(reversed(self._kept), 0) * self._repeats[layer])

    def whole(self, rows: list[int]) -> Trace:
        """Extract these rows."""
        return with_output(extraction.extract(self._model, self._inputs, samples=rows), self._output)

    def outputs(self) -> Any:
        """Let the model predict all rows, once."""
        if self._outputs is _UNKNOWN:
            outputs = self._model.predict(self._inputs, verbose=0) if hasattr(self._model, "predict") else None
            outputs = output_of(outputs, self._output)
            self._outputs = outputs if isinstance(outputs, np.ndarray) else None
        return self._outputs

    def inputs(self) -> Any:
        """Give the model's input."""
        return self._inputs if isinstance(self._inputs, np.ndarray) else None

    def changed(self) -> str:
        """Compare with the model's weights of now."""
        return _changed(next(reversed(self._kept.values()))[0])

    def refresh(self) -> None:
        """Extract anew from now on."""
        self._kept.clear()
        self._outputs = _UNKNOWN

    def _row(self, row: int) -> tuple[Trace, int]:
        if row not in self._kept:
            start = row - row % self._together
            wanted = [r for r in range(start, min(start + self._together, self.rows)) if r not in self._kept]
            trace = self.whole(wanted)
            for place, neighbour in enumerate(wanted):
                self._kept[neighbour] = (trace, place)
        self._kept.move_to_end(row)
        self._forget(row)
        return self._kept[row]

    def _forget(self, needed: int) -> None:
        bound = min(_CACHE_BYTES, free_bytes() // 4)
        while len(self._kept) > 1 and _bytes({id(trace): trace for trace, _ in self._kept.values()}.values()) > bound:
            oldest = next(row for row in self._kept if row != needed)
            del self._kept[oldest]


def source_of(what: Any, inputs: Any, output: str | int | None = None) -> Source:
    """Make a source of a trace, or of a model and its inputs.

    Raises
    ------
    InputError
        If there is a trace with inputs, or a model without.
    """
    if isinstance(what, Trace):
        if inputs is not None:
            msg = "a trace holds its inputs already; type LSTMWidget(trace) or LSTMWidget(model, inputs)"
            raise InputError(msg)
        return TraceSource(what, output)
    if inputs is None:
        kind = type(what).__name__
        shown = {"GateRecorder": "recorder.recording", "Step": "step.trace"}.get(kind, "model, inputs")
        msg = f"a {kind} alone shows nothing; type LSTMWidget({shown}), or LSTMWidget(trace)"
        raise InputError(msg)
    rows, stateful = extraction.describe(what, inputs)
    # The rows of a stateful model are one stream: to see the last of them, all must run.
    return (
        TraceSource(extraction.extract(what, inputs), output) if stateful else ModelSource(what, inputs, rows, output)
    )


def _changed(trace: Trace) -> str:
    changed = [name for name in trace if (layer := trace.live(name)) is not None and _differs(layer, trace[name])]
    if not changed:
        return ""
    return f"The weights of {', '.join(map(repr, changed))} have changed since these numbers were made."


def _differs(layer: Any, then: LayerTrace) -> bool:
    from lstm_widget.capture.keras.changes import weights_differ  # noqa: PLC0415  (imports TensorFlow)

    return weights_differ(layer, then)


def _repeats(layer: LayerTrace) -> int:
    return int(np.prod(layer.origin.outer, dtype=int))


def _bytes(traces: Any) -> int:
    return sum(layer[q.name].nbytes for trace in traces for layer in trace.values() for q in layer.quantities)


def output_row(trace: Trace, layer: LayerTrace, sample: int) -> Array | None:
    """Give what the model returned for a sample; of joined batches, for the last of them."""
    if not isinstance(trace.outputs, np.ndarray):
        return None
    lanes, outer = len(np.unique(layer.origin.rows)), layer.origin.outer
    place = sample // _repeats(layer) + (pieces_of(layer) - 1) * lanes
    if place >= len(trace.outputs):
        return None
    row: Array = trace.outputs[place]
    # A TimeDistributed behind the layer answers for each of the samples.
    each = bool(outer) and row.ndim > len(outer) and row.shape[: len(outer)] == outer
    return row[np.unravel_index(sample % _repeats(layer), outer)] if each else row
