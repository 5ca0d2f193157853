"""A recording with named axes, for xarray."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lstm_widget.capture.record import Array
from lstm_widget.errors import RecordingError, TraceTooLargeError
from lstm_widget.layer_trace import LayerTrace
from lstm_widget.memory import free_bytes

if TYPE_CHECKING:
    from lstm_widget.recording.recording import Recording

_WEIGHTS = {
    "kernel": ("feature", "unit"),
    "recurrent_kernel": ("from_unit", "unit"),
    "bias": ("part", "unit"),
}


def to_xarray(recording: Recording) -> Any:
    """Make an ``xarray.DataTree`` of all steps."""
    import xarray as xr  # noqa: PLC0415  (nobody else needs it)

    steps = list(recording)
    first = next((step for step in steps if step.opened is not None), None)
    if first is None:
        msg = f"none of the {len(steps)} steps has a trace; there is nothing to lay out"
        raise RecordingError(msg)
    parts = {name: _arrays(layer) for name, layer in first.trace.items()}
    _refuse_what_is_too_large(parts, len(steps))
    stacks = {
        name: {
            key: (("step", *axes), np.full((len(steps), *a.shape), np.nan, a.dtype)) for key, (axes, a) in part.items()
        }
        for name, part in parts.items()
    }
    for k, step in enumerate(steps):
        if step.opened is not None:
            for name, layer in step.trace.items():
                for key, (_, array) in _arrays(layer).items():
                    stacks[name][key][1][k] = array
    names = dict.fromkeys(name for step in steps for name in step.logs)
    # Variables, not coordinates: those would be handed down to every layer.
    moments = {
        **{f"log_{name}": ("step", [step.logs.get(name, np.nan) for step in steps]) for name in names},
        **{name: ("step", [getattr(step, name) for step in steps]) for name in ("fit", "epoch")},
        "batch": ("step", [-1 if step.batch is None else step.batch for step in steps]),
        "marks": ("step", ["; ".join(step.marks) for step in steps]),
    }
    layers = {name: xr.Dataset(stack, attrs=_about(first.trace[name])) for name, stack in stacks.items()}
    return xr.DataTree.from_dict({"/": xr.Dataset(moments), **layers})


def _arrays(layer: LayerTrace) -> dict[str, tuple[tuple[str, ...], Array]]:
    quantities = {q.name: (("sample", "timestep", "unit"), layer[q.name]) for q in layer.quantities}
    weights = {
        f"{gate}_{part}": (_WEIGHTS[part][-array.ndim :], array)
        for gate, of_gate in layer.weights.items()
        for part, array in of_gate._asdict().items()
        if array is not None
    }
    return quantities | weights


def _about(layer: LayerTrace) -> dict[str, str]:
    rounded = {"rounded_to": layer.rounded_to} if layer.rounded_to else {}
    return {"cell": layer.cell, "direction": layer.direction, **rounded}


def _refuse_what_is_too_large(parts: dict[str, Any], steps: int) -> None:
    needed = steps * sum(array.nbytes for part in parts.values() for _, array in part.values())
    free = free_bytes()
    if needed > free / 2:
        every = max(2, -(-4 * needed // max(free, 1)))
        msg = (
            f"{steps:,} steps take {needed / 1e9:.1f} GB, and half of the free memory is {free / 2e9:.1f} GB. "
            f"Take fewer of them: recording[::{every}].to_xarray()"
        )
        raise TraceTooLargeError(msg)
