"""What the model answers along time, as a scene tells it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lstm_widget.analysis.rows import pieces_of
from lstm_widget.analysis.stretches import stretches
from lstm_widget.analysis.targets import Expected, are_probabilities, expected_of
from lstm_widget.capture.record import Array
from lstm_widget.errors import InputError
from lstm_widget.layer_trace import LayerTrace
from lstm_widget.trace import Trace

_MOST = 6
"""Of many classes, so many are told."""
_ROUNDING = 1e-5
"""Relative; the head is computed in float64 from the h of a run in float32."""


@dataclass(frozen=True)
class Answering:
    """Answers along time.

    Attributes
    ----------
    kind : {"timestep", "so far"}
    lines : (timestep, output)
    names : list of str
    expected : (timestep, 1) or (timestep, output), or None
        At each timestep, a place in ``names`` under ``probabilities``, NaN where it is none of them; else a value each.
    target : float or None
        Likewise, at the end.
    probabilities : bool
    error : float or None
        Of a prediction so far: how far its end is from the model's own output.
    """

    kind: str
    lines: Array
    names: list[str]
    expected: Array | None
    target: float | None
    probabilities: bool
    error: float | None


def answering(trace: Trace, layer: LayerTrace, sample: int, target: Any) -> Answering | None:
    """Give the model's answer at each timestep, where there is one or the head can say it; else None."""
    along = rows_along(trace.outputs, layer, sample, extra=1)
    if along is not None and along.dtype.kind in "fiu":
        return _told("timestep", along, target, None)
    head = layer.readout
    once = layer.direction == "forward" and not layer.origin.stride and not layer.origin.outer
    outputs = trace.outputs
    if head is None or head.every or not head.complete or not once or not isinstance(outputs, np.ndarray):
        return None
    if not layer.keeps("hidden_state"):
        return None
    # A stretch at a time: h in float64 may be too much.
    so_far = np.concatenate([head(layer.hidden_state[sample, steps]) for steps in stretches(layer)])
    own = np.atleast_1d(outputs[sample])
    if so_far[-1].shape != own.shape:
        return None
    with np.errstate(invalid="ignore"):
        error = float(np.abs(so_far[-1] - own).max())
    # A NaN is no proof either.
    if not error <= _ROUNDING * max(1.0, float(np.abs(own).max())):
        return None
    return _told("so far", so_far, target, error)


def rows_along(values: Any, layer: LayerTrace, sample: int, extra: int = 0) -> Array | None:
    """Give what belongs to a sample's timesteps: (timestep, ...) of the model's inputs or outputs.

    None where it is no single array, has other timesteps than the layer, or not ``extra`` axes behind them at least.
    """
    origin, depth = layer.origin, len(layer.origin.outer) + 2
    if not isinstance(values, np.ndarray) or values.ndim < depth + extra or values.shape[depth - 1] != origin.steps:
        return None
    # Positions in the trace's own arrays, which hold only the rows that were extracted.
    repeats = int(np.prod(origin.outer, dtype=int))
    pieces, lanes = pieces_of(layer), len(np.unique(origin.rows))
    outer = np.unravel_index(sample % repeats, origin.outer) if origin.outer else ()
    return np.concatenate([values[(sample // repeats + piece * lanes, *outer)] for piece in range(pieces)])


def _told(kind: str, along: Array, target: Any, error: float | None) -> Answering:
    values = along.reshape(len(along), -1).astype(np.float64)
    probabilities = are_probabilities(values[-1])
    # What was expected at each timestep, else at the end.
    each = None if target is None or kind != "timestep" else _fitting_each(values, np.asarray(target))
    last = None if target is None or each else _fitting(values[-1:], np.asarray(target)[None])
    chosen = _chosen(values, each or last)
    names = [f"class {k}" if probabilities else f"output {k}" if values.shape[1] > 1 else "output" for k in chosen]
    end = _places(last, chosen, probabilities)
    return Answering(
        kind=kind,
        lines=values[:, chosen],
        names=names,
        expected=_places(each, chosen, probabilities),
        target=float(end[0, 0]) if end is not None and end.shape[1] == 1 else None,
        probabilities=probabilities,
        error=error,
    )


def _fitting_each(outputs: Array, targets: Array) -> Expected | None:
    """Read targets a timestep."""
    # A TimeDistributed's answers may have more axes, which are laid out as one here.
    flat = targets.reshape(len(targets), -1) if targets.ndim > 2 else targets  # noqa: PLR2004
    found = _fitting(outputs[None], flat[None])
    return None if found is None else replace(found, values=found.values[0])


def _fitting(outputs: Array, targets: Array) -> Expected | None:
    """Read targets a sample; None where they belong to something else than these outputs."""
    try:
        return expected_of(outputs, targets)
    except InputError:
        return None


def _chosen(values: Array, wanted: Expected | None) -> list[int]:
    """Of many outputs those that matter: predicted at the end, wanted, then by their peak."""
    count = values.shape[1]
    if count <= _MOST:
        return list(range(count))
    known = [] if wanted is None or not wanted.are_classes else list(map(int, np.unique(wanted.values[wanted.known])))
    by_peak = np.argsort(-np.nan_to_num(values).max(axis=0), kind="stable")
    ranked = [int(np.nan_to_num(values[-1]).argmax()), *known, *map(int, by_peak)]
    return sorted(list(dict.fromkeys(ranked))[:_MOST])


def _places(wanted: Expected | None, chosen: list[int], probabilities: bool) -> Array | None:  # noqa: FBT001
    """Give a column of places among the chosen, or a column of values for each of them."""
    if wanted is None or not wanted.are_classes:
        return None if wanted is None else wanted.values[:, chosen]
    # Of outputs that are no probabilities, a class number is no value that could stand among theirs.
    if not probabilities:
        return None
    places = {k: float(place) for place, k in enumerate(chosen)}
    return np.array([[places.get(int(k), np.nan)] for k in wanted.values])
