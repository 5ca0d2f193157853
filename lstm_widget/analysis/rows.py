"""From rows of the model's input, which outputs and targets have, to samples of a layer, which its arrays have."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from lstm_widget.capture.record import Array
from lstm_widget.errors import InputError
from lstm_widget.layer_trace import LayerTrace


def pieces_of(layer: LayerTrace) -> int:
    """Say how many rows follow each other in a sample: one, but where a stateful layer goes on in the next batch."""
    return layer.timesteps // layer.origin.steps


def by_row(targets: Any, rows: int, layers: Iterable[LayerTrace]) -> Array:
    """Give targets a row of the input, as ``model.fit`` takes them.

    They may also be given a sample of a layer, as its arrays are: joined in time where it is stateful, and under a
    TimeDistributed one for each sample that it makes of a row.

    Parameters
    ----------
    targets : array_like
    rows : int
        How many the input has.
    layers : iterable of LayerTrace

    Returns
    -------
    (row, ...)

    Raises
    ------
    InputError
        If there is not one a row.

    Examples
    --------
    >>> import lstm_widget as lw
    >>> by_row([[0, 1], [1, 1]], 2, [lw.example().only]).shape
    (2, 2)
    """
    given = np.asarray(targets)
    count = len(given) if given.ndim else None
    if count == rows:
        return given
    for layer in layers:
        pieces, outer = pieces_of(layer), layer.origin.outer
        fits = pieces == 1 or given.shape[1:2] == (layer.timesteps,)
        if fits and count == rows // pieces * int(np.prod(outer, dtype=int)):
            apart = given if pieces == 1 else np.concatenate(np.split(given, pieces, axis=1))
            return apart.reshape(rows, *outer, *apart.shape[1:])
    found = "a single value" if count is None else f"{count:,} of them"
    msg = f"targets: found {found}, but there are {rows:,} samples here; give one each, such as targets=y[:{rows}]"
    raise InputError(msg)


def by_sample(values: Array, layer: LayerTrace, outputs: tuple[int, ...]) -> Array:
    """Give what there is a row of the input, outputs or targets, a sample of a layer.

    What belongs to timesteps is joined as a stateful layer joins them; else the last row of a sample stands for it.

    Parameters
    ----------
    values : (row, ...)
    layer : LayerTrace
    outputs : tuple of int
        The shape of what the model returned, which tells what else belongs to timesteps.

    Returns
    -------
    (sample, ...)
    """
    outer, pieces = layer.origin.outer, pieces_of(layer)
    depth = 1 + len(outer)
    if outer and len(outputs) > depth and outputs[1:depth] == values.shape[1:depth] == outer:
        values = values.reshape(-1, *values.shape[depth:])
    elif outer:
        values = np.repeat(values, int(np.prod(outer, dtype=int)), axis=0)
    if pieces == 1:
        return values
    steps = (layer.origin.steps,)
    is_along = len(outputs) > depth + 1 and outputs[depth : depth + 1] == values.shape[1:2] == steps
    parts = np.split(values, pieces)
    return np.concatenate(parts, axis=1) if is_along else parts[-1]
