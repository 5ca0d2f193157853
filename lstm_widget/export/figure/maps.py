"""Units x timesteps of one quantity, as the widget's map: a row a unit, never merged."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from matplotlib.colors import ListedColormap

from lstm_widget.capture.record import Array
from lstm_widget.colours import NAN
from lstm_widget.errors import InputError
from lstm_widget.export.figure.marks import hatched
from lstm_widget.export.figure.paper import INK, PAPER, QUIET, SMALL, TEXT, Band, signed
from lstm_widget.export.figure.scale import DEEP, NEGATIVE, bar, colours
from lstm_widget.export.figure.window import Window
from lstm_widget.quantities import Quantity

_HEAD = 0.17
_PAGE = 8.0
"""Inches for all maps of a figure."""
_ROW, _LEAST_ROW = 0.08, 1.5 / 72
"""Inches a unit: as a rule, and where there are many."""
_READABLE = 3.5 / 72
"""Rows from here on can carry a mark."""


def rows_that_fit(maps: int) -> int:
    """Say how many units a figure of so many maps can show."""
    return int((_PAGE / maps - _HEAD) / _LEAST_ROW)


def maps(window: Window, quantities: list[Quantity], units: list[int]) -> list[Band]:
    """Give the bands of a map a quantity: its head, its rows.

    Raises
    ------
    InputError
        If there are more units than rows that can be told apart.
    """
    most = rows_that_fit(len(quantities))
    if len(units) > most:
        msg = (
            f"{len(units)} units in {len(quantities)} maps would be rows that nobody can tell apart; "
            f"a page holds {most}: give fewer units=[...], or one of quantities={quantities[0].symbol!r} and so on"
        )
        raise InputError(msg)
    row = min(_ROW, (_PAGE / len(quantities) - _HEAD) / len(units))
    bands = []
    for quantity in quantities:
        bands.append(Band(_HEAD, 0.05, partial(_head, window, quantity, units), timed=False))
        bands.append(Band(row * len(units), 0, partial(_map, window, quantity, units, row)))
    return bands


def _map(window: Window, quantity: Quantity, units: list[int], row: float, axes: Any) -> None:
    limits = window.limits[quantity.name]
    values, _, _ = window.rows(quantity.name, units)
    # Beyond the limits the colour is that of the limit, also where a number is infinite.
    held = np.ma.masked_where(np.isnan(values), np.clip(values.astype(np.float64), *limits))
    # What is masked stays open for its hatching; only what should have been a number is shown as none.
    table = colours(quantity.kind).with_extremes(bad=(0, 0, 0, 0))
    extent = (window.start - 0.5, window.start - 0.5 + values.shape[1] * window.stride, len(units) - 0.5, -0.5)
    look = {"extent": extent, "aspect": "auto", "interpolation": "nearest", "origin": "upper"}
    axes.imshow(held, cmap=table, vmin=limits[0], vmax=limits[1], **look)
    strange = window.strange(quantity.name, units)
    if strange.any():
        axes.imshow(np.ma.masked_where(~strange, strange), cmap=ListedColormap([NAN]), **look)
    axes.set_xlim(window.start - 0.5, window.stop - 0.5)
    if quantity.kind == "signed" and row >= _READABLE:
        _mark_negative(axes, values / limits[1], window)
    hatched(axes, window.masked(), (-0.5, len(units) - 0.5), zorder=3)
    apart = max(1, int(np.ceil((SMALL + 1) / 72 / row)))
    axes.set_yticks(range(0, len(units), apart), [str(unit) for unit in units[::apart]])
    axes.tick_params(axis="y", labelsize=SMALL, colors=QUIET, length=0, pad=2, left=False, labelleft=True)
    axes.spines[:].set(visible=True, color=QUIET, linewidth=0.4)


def _mark_negative(axes: Any, parts: Array, window: Window) -> None:
    """Draw a minus through what is negative: in grey, one end of the colours looks like the other."""
    for low, high, colour in ((-np.inf, DEEP, PAPER), (DEEP, NEGATIVE, INK)):
        with np.errstate(invalid="ignore"):
            inside = (low <= parts) & (parts < high)
        edges = np.diff(np.pad(inside, ((0, 0), (1, 1))).astype(np.int8), axis=1)
        rows, starts = np.nonzero(edges == 1)
        _, stops = np.nonzero(edges == -1)
        left, right = (window.start - 0.5 + window.stride * ends for ends in (starts, stops))
        axes.hlines(rows, left, right, color=colour, linewidth=0.35, zorder=2)


def _head(window: Window, quantity: Quantity, units: list[int], axes: Any) -> None:
    """Name the map at the left, and show its colours at the right."""
    limits, hue = window.limits[quantity.name], window.hue(quantity.name)
    axes.set(xlim=(0, 1), ylim=(0, 1))
    at = {"xycoords": "axes fraction", "textcoords": "offset points", "va": "center", "fontsize": TEXT}
    axes.annotate(quantity.symbol, (0, 0.45), (0, 0), color=hue, fontstyle="italic", fontweight="bold", **at)
    axes.annotate(quantity.label, (0, 0.45), (9, 0), color=INK, **at)
    total = window.layer.units
    count = f"{len(units)} of {total} units" if len(units) < total else f"{total} units"
    axes.annotate(count, (0, 0.45), (72, 0), color=QUIET, **{**at, "fontsize": SMALL})
    beyond = window.beyond(quantity.name, units)
    low_text, high_text = (signed(f"{limit:.2g}") for limit in limits)
    bar(
        axes,
        quantity.kind,
        limits,
        (f"< {low_text}" if beyond[0] else low_text, f"> {high_text}" if beyond[1] else high_text),
    )
