"""Ends of a sequence that look like padding, though the layer reads them."""

from __future__ import annotations

import numpy as np

from lstm_widget.capture.record import Array

_LEAST = 5
_LEAST_SHARE = 0.03


def padded_ends(series: Array, mask: Array | None = None) -> list[tuple[int, int]]:
    """Give the stretches at either end in which no feature of the input ever changes.

    Parameters
    ----------
    series : (timestep,) or (timestep, feature)
    mask : (timestep,) of bool, optional
        False where the layer computes nothing: what is masked is no such end.

    Returns
    -------
    list of (start, stop)
        Of at least five timesteps and 3 % of the sequence; none where the whole of it is constant.

    Examples
    --------
    >>> import numpy as np
    >>> padded_ends(np.array([1, 4, 2, 7, 5, 3, 0, 0, 0, 0, 0, 0]))
    [(6, 12)]
    """
    values = series.reshape(len(series), -1)
    computed = np.flatnonzero(np.ones(len(values), bool) if mask is None else mask)
    if len(computed) < 2:  # noqa: PLR2004
        return []
    first, last = int(computed[0]), int(computed[-1]) + 1
    window = values[first:last]
    moves = np.flatnonzero((window[1:] != window[:-1]).any(axis=1))
    if not len(moves):
        return []
    least = max(_LEAST, _LEAST_SHARE * len(window))
    ends = ((first, first + int(moves[0]) + 1), (first + int(moves[-1]) + 1, last))
    return [(start, stop) for start, stop in ends if stop - start >= least]
