"""Values along an axis: what was predicted and what was expected, a track an output."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from matplotlib.lines import Line2D

from lstm_widget.capture.record import Array
from lstm_widget.export.figure.legend import EXPECTED, SAID, head
from lstm_widget.export.figure.marks import hatched
from lstm_widget.export.figure.paper import INK, RULE, TEXT, Band
from lstm_widget.export.figure.tracks import runs, write_limits
from lstm_widget.export.figure.window import COLUMNS
from lstm_widget.protocol import Span
from lstm_widget.serving import blocks

_HEIGHT, _ALONE = 0.5, 0.9
"""Inches of a track: one of several, and one that has the figure for itself."""


def lines(  # noqa: PLR0917  (two lines, and what is said of them)
    said: Array,
    wanted: Array,
    names: list[str],
    window: tuple[int, int],
    words: str,
    masked: Sequence[Span] = (),
) -> list[Band]:
    """Give the head and a band an output.

    Parameters
    ----------
    said, wanted : (place, output)
    names : list of str
    window : (start, stop)
        The places on the axis.
    words : str
    masked : sequence of (start, stop)
    """
    height = _ALONE if len(names) == 1 else _HEIGHT
    handles = [Line2D([], [], label="predicted", **SAID), Line2D([], [], label="expected", **EXPECTED)]
    return [
        *head(handles, words),
        *(
            Band(height, 0.05, partial(_track, name, said[:, k], wanted[:, k], window, list(masked)))
            for k, name in enumerate(names)
        ),
    ]


def limits_of(said: Array, wanted: Array) -> tuple[float, float]:
    """Give the scale of both: round what is finite of them, and never without height."""
    known = np.concatenate([values[np.isfinite(values)] for values in (said, wanted)])
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def name_track(axes: Any, name: str) -> None:
    """Write a name at the left of a track."""
    at = {"xycoords": "axes fraction", "textcoords": "offset points", "va": "center", "ha": "right", "fontsize": TEXT}
    axes.annotate(name, (0, 0.5), (-6, 0), color=INK, **at)


def _track(  # noqa: PLR0917
    name: str, said: Array, wanted: Array, window: tuple[int, int], masked: list[Span], axes: Any
) -> None:
    start, stop = window
    low, high = limits_of(said[start:stop], wanted[start:stop])
    margin = 0.06 * (high - low)
    axes.set_ylim(low - margin, high + margin)
    name_track(axes, name)
    if low < 0 < high:
        axes.axhline(0, color=RULE, linewidth=0.5, zorder=0)
    hatched(axes, masked, (low - margin, high + margin))
    stride = -(-(stop - start) // COLUMNS)
    starts = np.arange(start, stop, stride)
    middles = (starts + np.minimum(starts + stride, stop) - 1) / 2
    for values, look in ((said, SAID), (wanted, EXPECTED)):
        found = blocks.thinned(values[start:stop, None], stride)
        if stride > 1:
            axes.fill_between(middles, found[1][0], found[2][0], color=INK, alpha=0.15, linewidth=0)
        for x, y in runs(middles, np.where(np.isfinite(found[0][0]), found[0][0], np.nan)):
            axes.plot(x, y, solid_joinstyle="round", **look)
    write_limits(axes, (low, high), (False, False))
