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
    nodes = {
        name: xarray.Dataset(
            variables(layer), coordinates(layer), {**facts(layer), "certificate": str(layer.certificate)}
        )
        for name, layer in trace.items()
    }
    return xarray.DataTree.from_dict(nodes)


def variables(layer: LayerTrace) -> dict[str, Any]:
    """Give the quantities and the mask, each as (dimensions, array, attributes)."""
    found: dict[str, Any] = {
        quantity.name: (_DIMENSIONS, layer[quantity.name], {"symbol": quantity.symbol, "long_name": quantity.label})
        for quantity in layer.quantities
    }
    if layer.mask is not None:
        found["mask"] = (_DIMENSIONS[:2], layer.mask, {"long_name": "False where the layer computed nothing"})
    return found


def coordinates(layer: LayerTrace) -> dict[str, Any]:
    """Count along each dimension, and say in which row of the model's input a sample begins."""
    counted = {name: np.arange(size) for name, size in zip(_DIMENSIONS, layer.shape, strict=True)}
    return {**counted, "input_row": ("sample", layer.origin.rows)}


def facts(layer: LayerTrace) -> dict[str, str]:
    """Say what is true of all these numbers: as text, so that any file format takes it."""
    rounded = {"rounded_to": layer.rounded_to} if layer.rounded_to else {}
    return {"cell": layer.cell, "direction": layer.direction, **rounded}
