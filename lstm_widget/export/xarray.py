"""A trace as a tree of labelled arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from lstm_widget.export.packages import needed
from lstm_widget.layer_trace import LayerTrace
from lstm_widget.trace import Trace

_DIMENSIONS = ("sample", "timestep", "unit")


def to_xarray(trace: Trace) -> Any:
    """Give a DataTree with a node a layer; see `Trace.to_xarray`."""
    xarray = needed("xarray", "to_xarray()")
    return xarray.DataTree.from_dict({name: _dataset(xarray, layer) for name, layer in trace.items()})


def _dataset(xarray: Any, layer: LayerTrace) -> Any:
    variables: dict[str, Any] = {
        quantity.name: (_DIMENSIONS, layer[quantity.name], {"symbol": quantity.symbol, "long_name": quantity.label})
        for quantity in layer.quantities
    }
    if layer.mask is not None:
        variables["mask"] = (_DIMENSIONS[:2], layer.mask, {"long_name": "False where the layer computed nothing"})
    coordinates: dict[str, Any] = {name: np.arange(size) for name, size in zip(_DIMENSIONS, layer.shape, strict=True)}
    coordinates["input_row"] = ("sample", layer.origin.rows)
    # Text and numbers only, so that any file format takes it.
    facts = {"cell": layer.cell, "direction": layer.direction, "certificate": str(layer.certificate)}
    return xarray.Dataset(variables, coordinates, facts)
