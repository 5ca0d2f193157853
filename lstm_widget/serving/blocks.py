"""Numbers on the wire: picked from a trace, thinned in time where there are too many. See `protocol.Block`."""

from __future__ import annotations

import numpy as np

from lstm_widget.capture.record import Array
from lstm_widget.layer_trace import LayerTrace
from lstm_widget.protocol import Block

STATISTICS = 3
"""Mean, minimum and maximum, where a column stands for several timesteps."""
_NUMBERS = 1 << 20
"""Read at once."""


def columns(block: Block) -> int:
    """Say how many columns a block has."""
    return -(-(block["stop"] - block["start"]) // block["stride"])


def size(block: Block) -> int:
    """Say how many bytes a block takes."""
    statistics = 1 if block["stride"] == 1 else STATISTICS
    return 4 * statistics * len(block["quantities"]) * len(block["units"]) * columns(block)


def pack(layer: LayerTrace, sample: int, block: Block) -> bytes:
    """Give the numbers of a block as bytes."""
    window, units = slice(block["start"], block["stop"]), block["units"]
    # Neighbours are a slice, which copies nothing.
    neighbours = units == list(range(units[0], units[-1] + 1))
    chosen = slice(units[0], units[-1] + 1) if neighbours else units
    each = [thinned(layer[name][sample, window], block["stride"], chosen) for name in block["quantities"]]
    return b"".join(statistic.tobytes() for statistics in zip(*each, strict=True) for statistic in statistics)


def thinned(values: Array, stride: int, chosen: slice | list[int] = slice(None)) -> list[Array]:
    """Give (row, column) arrays of little-endian float32: the values, or their mean, minimum and maximum.

    Parameters
    ----------
    values : (timestep, row)
        Read a stretch at a time: it may be a map of a file that is larger than memory.
    stride : int
        Timesteps a column; NaN among them are left out, unless all are.
    chosen : slice or list of int
        Which rows.
    """
    if stride == 1:
        return [_packable(values[:, chosen])]
    results: list[tuple[Array, ...]] = []
    whole = len(values) // stride * stride
    step = max(1, _NUMBERS // (stride * values.shape[1])) * stride
    for first in range(0, whole, step):
        piece = _picked(values[first : min(first + step, whole)], chosen)
        results.append(_statistics(piece.reshape(-1, stride, piece.shape[1])))
    if whole < len(values):
        results.append(_statistics(_picked(values[whole:], chosen)[None]))
    return [_packable(np.concatenate(parts)) for parts in zip(*results, strict=True)]


def _picked(values: Array, chosen: slice | list[int]) -> Array:
    # Twice as fast as an index of rows in any order.
    return values[:, chosen] if isinstance(chosen, slice) else np.asarray(values).take(chosen, axis=1)


def _packable(columns: Array) -> Array:
    with np.errstate(over="ignore"):
        return np.ascontiguousarray(columns.T, "<f4")


def _statistics(values: Array) -> tuple[Array, ...]:
    """Reduce (column, timestep, row) to (column, row)."""
    with np.errstate(invalid="ignore", over="ignore"):
        mean = values.mean(axis=1, dtype=np.float64)
        if np.isnan(mean).any():
            known = ~np.isnan(values)
            count = known.sum(axis=1)
            mean = np.where(known, values, 0).sum(axis=1, dtype=np.float64) / np.where(count, count, np.nan)
        return mean, np.fmin.reduce(values, axis=1), np.fmax.reduce(values, axis=1)
