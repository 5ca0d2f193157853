"""What the model returned, put together."""

from __future__ import annotations

from typing import Any

import numpy as np

from lstm_widget.capture.record import Array
from lstm_widget.selection import Selection


class OutputAssembly:
    """What the model returned, row by row."""

    def __init__(self, selection: Selection) -> None:
        self._selection = selection
        self._parts: list[Any] = []
        self._rows: list[Array] = []

    def add(self, outputs: Any, size: int, start: int, rows: Array) -> None:
        """Keep these rows of a batch; what has no row a sample is kept whole."""
        self._rows.append(start + rows)
        self._parts.append(_map(lambda a: a[rows] if a.ndim and len(a) == size else np.atleast_1d(a), outputs))

    def finished(self) -> Any:
        """Give one array an output, in the order of the selection."""
        order = np.argsort(self._selection.places(np.concatenate(self._rows)))
        return _map(lambda *arrays: _ordered(np.concatenate(arrays), order), *self._parts)


def _ordered(array: Array, order: Array) -> Array:
    return array[order] if len(array) == len(order) else array


def _map(function: Any, *trees: Any) -> Any:
    first = trees[0]
    if isinstance(first, dict):
        return {key: _map(function, *(tree[key] for tree in trees)) for key in first}
    if isinstance(first, list | tuple):
        return type(first)(_map(function, *children) for children in zip(*trees, strict=True))
    return function(*trees)
