"""A part of a trace, as a trace: some samples, a stretch of time."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from lstm_widget.analysis.rows import pieces_of
from lstm_widget.capture.record import Array
from lstm_widget.errors import InputError
from lstm_widget.layer_trace import LayerTrace, Origin
from lstm_widget.quantities import STATES
from lstm_widget.trace import Trace


def cut(trace: Trace, rows: list[int], span: tuple[int, int] | None = None) -> Trace:
    """Give a trace of some input rows, between two timesteps.

    Parameters
    ----------
    trace : Trace
    rows : list of int
        Positions in the trace's inputs; of a stateful model, whose rows are one stream, of its first batch.
    span : (start, stop), optional

    Raises
    ------
    InputError
        If ``span`` means something else in each layer.
    """
    if len({_lanes(layer) for layer in trace.values()}) > 1:
        msg = "some layers of this trace are stateful and some are not: a sample is no part of it; leave samples= out"
        raise InputError(msg)
    if span is not None:
        _one_clock(trace)
    any_layer = next(iter(trace.values()))
    taken = [piece * _lanes(any_layer) + row for piece in range(pieces_of(any_layer)) for row in rows]
    length = any_layer.timesteps
    return Trace(
        {name: _layer(layer, rows, span) for name, layer in trace.items()},
        inputs=_tree(trace.inputs, taken, span, length, depth=2),
        outputs=_tree(trace.outputs, taken, span, length, depth=3),
    )


def samples_of(layer: LayerTrace, rows: list[int]) -> list[int]:
    """Give a layer's samples of some input rows: a TimeDistributed makes several of one."""
    repeats = int(np.prod(layer.origin.outer, dtype=int))
    return [row * repeats + k for row in rows for k in range(repeats)]


def rows_of(trace: Trace) -> int:
    """Say how many input rows one may choose from; of a stateful model, whose rows are one stream, of a batch."""
    return min(_lanes(layer) for layer in trace.values())


def _lanes(layer: LayerTrace) -> int:
    return len(np.unique(layer.origin.rows))


def _one_clock(trace: Trace) -> None:
    lengths = {name: layer.timesteps for name, layer in trace.items()}
    if len(set(lengths.values())) > 1:
        said = ", ".join(f"{name!r} has {length}" for name, length in lengths.items())
        msg = f"timesteps= is one window for all layers, and {said}; extract(..., layers=[...]) one kind of them"
        raise InputError(msg)
    odd = [name for name, layer in trace.items() if layer.origin.outer or pieces_of(layer) > 1]
    if odd:
        msg = f"timesteps= counts steps of the input's rows, and those of {odd[0]!r} are others; leave it out"
        raise InputError(msg)


def _layer(layer: LayerTrace, rows: list[int], span: tuple[int, int] | None) -> LayerTrace:
    chosen = samples_of(layer, rows)
    start, stop = span or (0, layer.timesteps)
    steps = slice(start, stop)
    first = start if layer.direction == "forward" else stop - 1
    errors = layer.certificate.errors
    # The certificate is the whole run's; only its errors by timestep belong to samples and steps.
    certificate = dataclasses.replace(layer.certificate, errors=None if errors is None else errors[chosen][:, steps])
    whole = span is None
    return LayerTrace(
        name=layer.name,
        cell=layer.cell,
        direction=layer.direction,
        values={q.name: layer[q.name][chosen, steps] for q in layer.quantities},
        mask=None if layer.mask is None else layer.mask[chosen, steps],
        inputs=layer.inputs[chosen, steps],
        initial_state={
            state: layer.initial_state[state][chosen]
            if whole
            else layer.previous(state, timesteps=slice(first, first + 1))[chosen, 0]
            for state in STATES[layer.cell]
        },
        weights=layer.weights,
        activations=layer.activations,
        reset_after=layer.reset_after,
        readout=layer.readout,
        certificate=certificate,
        origin=Origin(
            np.repeat(np.arange(len(rows)), len(chosen) // len(rows)),
            layer.origin.steps if whole else stop - start,
            len(rows) if layer.origin.stride else 0,
            layer.origin.outer,
        ),
    )


def _tree(tree: Any, rows: list[int], span: tuple[int, int] | None, length: int, depth: int) -> Any:
    """Cut arrays of a model's inputs or outputs; those along time have ``depth`` axes at least."""
    if isinstance(tree, dict):
        return {key: _tree(child, rows, span, length, depth) for key, child in tree.items()}
    if isinstance(tree, list | tuple):
        return [_tree(child, rows, span, length, depth) for child in tree]
    array: Array = np.asarray(tree)
    if array.ndim == 0 or not len(array) > max(rows, default=0):
        return array
    array = array[rows]
    return array[:, slice(*span)] if span and array.ndim >= depth and array.shape[1] == length else array
