"""The most similar input that the model gets right."""

from __future__ import annotations

import numpy as np

from lstm_widget.capture.record import Array

_CHUNK = 4_000_000
"""Numbers that are compared at once."""


def nearest(inputs: Array, row: int, among: Array) -> int:
    """Give the row of the inputs that is closest to one of them.

    Parameters
    ----------
    inputs : (row, ...)
        Numbers are compared by their Euclidean distance, whole numbers (tokens) by how many of them differ.
    row : int
    among : (n,) of int
        Rows to choose from, at least one.

    Examples
    --------
    >>> import numpy as np
    >>> nearest(np.array([[0.0], [5.0], [1.0]]), 0, np.array([1, 2]))
    2
    """
    flat = inputs.reshape(len(inputs), -1)
    tokens = inputs.dtype.kind in "iu"
    distances = np.empty(len(among))
    together = max(1, _CHUNK // max(1, flat.shape[1]))
    for start in range(0, len(among), together):
        part = flat[among[start : start + together]]
        if tokens:
            distances[start : start + together] = (part != flat[row]).sum(axis=1)
        else:
            distances[start : start + together] = np.square(part.astype(np.float64) - flat[row]).sum(axis=1)
    return int(among[int(np.nan_to_num(distances, nan=np.inf).argmin())])
