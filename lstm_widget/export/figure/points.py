"""A number a sequence: what was predicted and what was expected, a point a sample."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from matplotlib.lines import Line2D

from lstm_widget.capture.record import Array
from lstm_widget.export.figure.legend import head
from lstm_widget.export.figure.lines import limits_of, name_track
from lstm_widget.export.figure.paper import INK, PAPER, QUIET, RULE, SMALL, Band
from lstm_widget.export.figure.tracks import write_limits

_HEIGHT, _ALONE = 0.6, 1.2
_STEMS = 200
"""Of more samples, lines from what was expected to what was predicted would be a grey field."""
_DRAWN = 5000
"""More points than that would make a PDF that no reader likes to open: they are a picture in it."""


def points(said: Array, wanted: Array, names: list[str], marked: int | None, words: str) -> list[Band]:
    """Give the head and a band an output.

    Parameters
    ----------
    said, wanted : (sample, output)
    names : list of str
    marked : int or None
        A sample to find again.
    words : str
    """
    handles = [
        Line2D([], [], label="predicted", **_looks(4.0)["said"]),
        Line2D([], [], label="expected", **_looks(4.0)["wanted"]),
    ]
    height = _ALONE if len(names) == 1 else _HEIGHT
    return [
        *head(handles, words),
        *(Band(height, 0.05, partial(_band, name, said[:, k], wanted[:, k], marked)) for k, name in enumerate(names)),
    ]


def _looks(size: float) -> dict[str, dict[str, Any]]:
    both = {"marker": "o", "linestyle": "none", "markersize": size, "markeredgecolor": INK}
    # Open and full are told apart in grey as well.
    return {
        "said": {**both, "markerfacecolor": INK, "markeredgewidth": 0},
        "wanted": {**both, "markerfacecolor": PAPER, "markeredgewidth": 0.6},
    }


def _band(name: str, said: Array, wanted: Array, marked: int | None, axes: Any) -> None:
    low, high = limits_of(said, wanted)
    margin = 0.1 * (high - low)
    axes.set_ylim(low - margin, high + margin)
    name_track(axes, name)
    if low < 0 < high:
        axes.axhline(0, color=RULE, linewidth=0.5, zorder=0)
    places = np.arange(len(said))
    if marked is not None:
        axes.axvline(marked, color=QUIET, linewidth=0.5, zorder=0)
        axes.annotate(
            f"sample {marked}",
            (marked, 1),
            (2, 0),
            xycoords=axes.get_xaxis_transform(),
            textcoords="offset points",
            va="top",
            fontsize=SMALL,
            color=QUIET,
        )
    if len(said) <= _STEMS:
        axes.vlines(places, wanted, said, color=QUIET, linewidth=0.5, zorder=1)
    looks = _looks(max(1.2, min(4.0, 240 / len(said))))
    picture = len(said) > _DRAWN
    axes.plot(places, wanted, zorder=2, rasterized=picture, **looks["wanted"])
    axes.plot(places, said, zorder=3, rasterized=picture, **looks["said"])
    write_limits(axes, (low, high), (False, False))
