"""A recording with named axes, for xarray."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from lstm_widget.errors import RecordingError, TraceTooLargeError
from lstm_widget.export.packages import needed
from lstm_widget.export.xarray import coordinates, facts, variables
from lstm_widget.layer_trace import LayerTrace
from lstm_widget.memory import free_bytes
from lstm_widget.recording.step import Step

if TYPE_CHECKING:
    from lstm_widget.recording.recording import Recording

_WEIGHTS = {"kernel": ("feature", "unit"), "recurrent_kernel": ("from_unit", "unit"), "bias": ("part", "unit")}
_LOGS = "logs"


def to_xarray(recording: Recording) -> Any:
    """Make an ``xarray.DataTree`` of all steps; see `Recording.to_xarray`."""
    xarray = needed("xarray", "to_xarray()")
    steps = list(recording)
    first = next((step for step in steps if step.opened is not None), None)
    if first is None:
        msg = f"none of the {len(steps)} steps has a trace; there is nothing to lay out"
        raise RecordingError(msg)
    trace = first.trace
    if _LOGS in trace:
        msg = f"a layer is called {_LOGS!r}, as the node of the losses is; take recording[k].trace.to_xarray()"
        raise RecordingError(msg)
    parts = {name: _variables(layer) for name, layer in trace.items()}
    _refuse_what_is_too_large(parts, len(steps))
    stacks = {
        name: {
            key: (("step", *axes), _nothing(array, len(steps)), *about) for key, (axes, array, *about) in part.items()
        }
        for name, part in parts.items()
    }
    for k, step in enumerate(steps):
        if step.opened is not None:
            for name, layer in step.trace.items():
                for key, (_, array, *_) in _variables(layer).items():
                    stacks[name][key][1][k] = array
    moments = _moments(recording.numbers, steps)
    marks = {"marks": ("step", ["; ".join(step.marks) for step in steps])}
    nodes = {
        name: xarray.Dataset(
            stack, {**moments, **coordinates(trace[name]), **_of_weights(trace[name])}, facts(trace[name])
        )
        for name, stack in stacks.items()
    }
    return xarray.DataTree.from_dict(
        {"/": xarray.Dataset(marks, moments), _LOGS: xarray.Dataset(_logs(steps, moments), moments), **nodes}
    )


def _variables(layer: LayerTrace) -> dict[str, Any]:
    weights = {
        f"{gate}_{part}": (_WEIGHTS[part][-array.ndim :], array)
        for gate, of_gate in layer.weights.items()
        for part, array in of_gate._asdict().items()
        if array is not None
    }
    return {**variables(layer), **weights}


def _of_weights(layer: LayerTrace) -> dict[str, Any]:
    if not layer.weights:
        return {}
    any_gate = next(iter(layer.weights.values()))
    features, units = any_gate.kernel.shape
    parts = {} if any_gate.recurrent_bias is None else {"part": ["input", "recurrent"]}
    return {"feature": np.arange(features), "from_unit": np.arange(units), **parts}


def _moments(numbers: Sequence[int], steps: Sequence[Step]) -> dict[str, Any]:
    """Give the coordinates along ``step``, which each node has, so that a gate can be drawn over epochs."""
    batches = [-1 if step.batch is None else step.batch for step in steps]
    return {
        "step": list(numbers),
        **{name: ("step", [getattr(step, name) for step in steps]) for name in ("fit", "epoch")},
        "batch": ("step", batches, {"long_name": "-1 at the end of an epoch"}),
    }


def _logs(steps: Sequence[Step], taken: Container[str]) -> dict[str, Any]:
    names = dict.fromkeys(name for step in steps for name in step.logs)
    return {
        _free(name, taken): ("step", [step.logs.get(name, np.nan) for step in steps], {"long_name": name})
        for name in names
    }


def _free(name: str, taken: Container[str]) -> str:
    # In a tree a slash would be a path.
    plain = name.replace("/", "_")
    return f"logged_{plain}" if plain in taken else plain


def _nothing(array: Any, steps: int) -> Any:
    """Give room for an array a step: NaN, and False of a mask, where a step has no trace."""
    return np.full((steps, *array.shape), False if array.dtype == bool else np.nan, array.dtype)


def _refuse_what_is_too_large(parts: dict[str, Any], steps: int) -> None:
    needed_bytes = steps * sum(array.nbytes for part in parts.values() for _, array, *_ in part.values())
    free = free_bytes()
    if needed_bytes > free / 2:
        every = max(2, -(-4 * needed_bytes // max(free, 1)))
        msg = (
            f"{steps:,} steps take {needed_bytes / 1e9:.1f} GB, and half of the free memory is {free / 2e9:.1f} GB. "
            f"Take fewer of them: recording[::{every}].to_xarray()"
        )
        raise TraceTooLargeError(msg)
