"""A trace as one tidy table."""

from __future__ import annotations

from typing import Any

import numpy as np

from lstm_widget.capture.record import Array
from lstm_widget.errors import TraceTooLargeError
from lstm_widget.export.packages import needed
from lstm_widget.layer_trace import LayerTrace
from lstm_widget.memory import free_bytes
from lstm_widget.trace import Trace

_INDEX_BYTES = 1 + 3 * 8
"""A row's layer, sample, timestep and unit."""


def to_dataframe(trace: Trace) -> Any:
    """Give a row a layer, sample, timestep and unit; see `Trace.to_dataframe`."""
    pandas = needed("pandas", "to_dataframe()")
    names = list(dict.fromkeys(quantity.name for layer in trace.values() for quantity in layer.quantities))
    sizes = [int(np.prod(layer.shape)) for layer in trace.values()]
    width = max((_dtype(layer).itemsize for layer in trace.values()), default=8)
    _bounded(sum(sizes), sum(sizes) * (_INDEX_BYTES + width * len(names)))
    columns: dict[str, Any] = {
        "layer": pandas.Categorical.from_codes(np.repeat(np.arange(len(trace)), sizes), categories=list(trace))
    }
    for axis, name in enumerate(("sample", "timestep", "unit")):
        columns[name] = _joined([_along(layer, axis) for layer in trace.values()])
    for name in names:
        columns[name] = _joined([_values(layer, name) for layer in trace.values()])
    return pandas.DataFrame(columns)


def _along(layer: LayerTrace, axis: int) -> Array:
    """Give the index along an axis, for each number of the layer."""
    index = np.arange(layer.shape[axis])
    along: Array = np.broadcast_to(index.reshape([-1 if k == axis else 1 for k in range(3)]), layer.shape)
    return along.reshape(-1)


def _values(layer: LayerTrace, name: str) -> Array:
    if any(quantity.name == name for quantity in layer.quantities):
        return np.asarray(layer[name]).reshape(-1)
    return np.full(int(np.prod(layer.shape)), np.nan, _dtype(layer))


def _dtype(layer: LayerTrace) -> np.dtype[Any]:
    dtype: np.dtype[Any] = layer[layer.quantities[0].name].dtype
    return dtype


def _joined(parts: list[Array]) -> Array:
    return np.concatenate(parts) if parts else np.zeros(0)


def _bounded(rows: int, size: int) -> None:
    free = free_bytes()
    if size > free // 2:
        msg = (
            f"a table of {rows:,} rows takes {size / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free; "
            "extract fewer (layers=[...], samples=[...]), or take to_xarray(), which copies nothing"
        )
        raise TraceTooLargeError(msg)
