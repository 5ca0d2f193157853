"""What all cells share: products, and states on their way from one timestep to the next."""

from __future__ import annotations

import numpy as np

from lstm_widget.capture.record import Array, Cell

_SINGLE_OR_MORE = (np.dtype("float32"), np.dtype("float64"))


def product(cell: Cell, values: Array, matrix: Array) -> Array:
    """Multiply as a layer of that dtype does: half precision is summed in float32 and rounded once."""
    # One product for all timesteps, not one a sample.
    rows = values.reshape(-1, values.shape[-1])
    if values.dtype in _SINGLE_OR_MORE:
        result: Array = cell.product(rows, matrix)
    else:
        result = cell.product(rows.astype(np.float32), matrix.astype(np.float32)).astype(values.dtype)
    return result.reshape(*values.shape[:-1], -1)


def previous(states: Array, initial: Array) -> Array:
    """Shift a state by one step: what each timestep was handed."""
    return np.concatenate([initial[:, None], states[:, :-1]], axis=1)


def carried(states: Array, initial: Array, mask: Array | None) -> Array:
    """Replace a state at masked timesteps by the last computed one, or by the initial state."""
    if mask is None:
        return states
    steps = np.where(mask, np.arange(1, mask.shape[1] + 1), 0)
    last = np.maximum.accumulate(steps, axis=1)
    with_initial = np.concatenate([initial[:, None], states], axis=1)
    result: Array = np.take_along_axis(with_initial, last[..., None], axis=1)
    return result


def blocks(values: Array, count: int) -> list[Array]:
    """Split the last axis into Keras's blocks, one a gate."""
    return np.split(values, count, axis=-1)
