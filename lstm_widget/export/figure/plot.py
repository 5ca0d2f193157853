"""What is drawn: tracks for one unit, maps for several, both for what a widget shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from lstm_widget.analysis.ordering import ordered
from lstm_widget.errors import InputError
from lstm_widget.export import picked
from lstm_widget.export.figure.maps import maps, rows_that_fit
from lstm_widget.export.figure.paper import sheet
from lstm_widget.export.figure.tracks import tracks
from lstm_widget.export.figure.window import Window
from lstm_widget.layer_trace import LayerTrace
from lstm_widget.quantities import find
from lstm_widget.serving import scene

if TYPE_CHECKING:
    from lstm_widget.trace import Trace

_WIDTHS = (1.5, 30.0)


def plot(
    trace: Trace, *, layer: Any, sample: Any, units: Any, quantities: Any, timesteps: Any, width: Any, ax: Any
) -> Any:
    """Draw part of a trace; see `Trace.plot`."""
    found = picked.layer_of(trace, layer)
    window = _window(found, picked.index_of(sample, "sample", found.samples), timesteps)
    chosen = picked.quantities_of(found, quantities)
    if isinstance(units, int | np.integer):
        unit = picked.index_of(units, "units", found.units)
        return sheet(tracks(window, chosen, [unit]), window.span, inches(width), ax=ax)
    if units is None:
        # As many of the busiest as can be told apart; the figure says of how many.
        rows = ordered(found, window.sample, "change")[: rows_that_fit(len(chosen))]
    else:
        rows = picked.indices_of(units, "units", found.units)
    return sheet(maps(window, chosen, rows), window.span, inches(width), ax=ax)


def widget_figure(
    window: Window,
    *,
    units: list[int],
    quantity: str,
    order: list[int],
    name_of: Callable[[int], str],
    width: Any,
) -> Any:
    """Draw what a widget shows: the tracks of the first unit with the others over them, below it the map."""
    layer = window.layer
    bands = [
        *tracks(window, list(layer.quantities), units),
        *maps(window, [find(layer.cell, quantity)], order[: rows_that_fit(1)]),
    ]
    return sheet(bands, window.span, inches(width), name_of=name_of)


def _window(layer: LayerTrace, sample: int, timesteps: Any) -> Window:
    if timesteps is not None:
        span = picked.window_of(timesteps, layer.timesteps)
    else:
        # As the widget opens: what was padded away is not half of the picture.
        mask = None if layer.mask is None else layer.mask[sample]
        span = scene.unmasked_window(mask, layer.timesteps)
    return Window(layer, sample, *span, scene.ranges(layer))


def inches(width: Any) -> float:
    """Read the width of a figure.

    Raises
    ------
    InputError
        If it is none.
    """
    least, most = _WIDTHS
    if isinstance(width, bool) or not isinstance(width, int | float | np.number) or not least <= width <= most:
        msg = f"width={width!r} is no width of a figure; give inches, {least} to {most}: a column of text has about 3.3"
        raise InputError(msg)
    return float(width)
