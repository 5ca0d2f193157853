"""Orders of units, by name."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from lstm_widget.analysis.change import busiest_units
from lstm_widget.analysis.half_life import longest_lived_units
from lstm_widget.analysis.saturation import most_saturated_units
from lstm_widget.analysis.similarity import similar_units
from lstm_widget.capture.record import Array
from lstm_widget.layer_trace import LayerTrace

ORDERS: dict[str, Callable[[LayerTrace, int], Array]] = {
    "change": busiest_units,
    "index": lambda layer, _: np.arange(layer.units),
    "saturation": most_saturated_units,
    "half_life": longest_lived_units,
}
"""Those that need no more than a layer and a sample; ``similarity:<unit>`` needs a unit as well."""

SIMILARITY = "similarity"


def ordered(layer: LayerTrace, sample: int, sort: str) -> list[int]:
    """Order the units of a layer.

    Parameters
    ----------
    layer : LayerTrace
    sample : int
    sort : {"change", "index", "saturation", "half_life", "similarity:<unit>"}

    Examples
    --------
    >>> import lstm_widget as lw
    >>> ordered(lw.example().only, 0, "index")
    [0, 1, 2, 3, 4, 5, 6, 7]
    >>> ordered(lw.example().only, 0, "similarity:3")[0]
    3
    """
    name, _, unit = sort.partition(":")
    units = similar_units(layer, sample, int(unit)) if name == SIMILARITY else ORDERS[name](layer, sample)
    return [int(unit) for unit in units]
