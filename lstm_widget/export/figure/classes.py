"""Classes a timestep: how probable each is, as a map, with a frame round the expected one."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.patches import Patch, Rectangle

from lstm_widget.analysis.targets import are_probabilities
from lstm_widget.capture.record import Array
from lstm_widget.export.figure.legend import head
from lstm_widget.export.figure.marks import hatched
from lstm_widget.export.figure.paper import INK, PAPER, QUIET, SMALL, TEXT, Band, signed
from lstm_widget.export.figure.scale import bar, colours
from lstm_widget.export.figure.window import COLUMNS
from lstm_widget.protocol import Span
from lstm_widget.serving import blocks

MOST = 24
"""Rows that a figure has room for."""
_ROW = 0.14


def classes(said: Array, wanted: Array, window: tuple[int, int], masked: list[Span], words: str) -> list[Band]:
    """Give the head and the map.

    Parameters
    ----------
    said : (timestep, class)
    wanted : (timestep,) of int
        -1 where nothing is expected.
    window : (start, stop)
    masked : list of (start, stop)
    words : str
    """
    start, stop = window
    chosen = chosen_classes(said[start:stop], wanted[start:stop])
    if len(chosen) < said.shape[1]:
        words = f"{len(chosen)} of {said.shape[1]:,} classes; {words}"
    known = said[start:stop][np.isfinite(said[start:stop]).all(axis=-1)]
    kind, limits = "gate", (0.0, 1.0)
    if not are_probabilities(known):
        most = float(np.abs(known).max(initial=0)) or 1.0
        kind, limits = "signed", (-most, most)
    handles = [Patch(label="expected", facecolor=PAPER, edgecolor=INK, linewidth=0.8)]
    first, *said_of_them = head(handles, words)
    label = "probability" if kind == "gate" else "output"
    texts = (f"{label} {signed(f'{limits[0]:.2g}')}", signed(f"{limits[1]:.2g}"))

    def legend(axes: Any) -> None:
        first.draw(axes)
        bar(axes, kind, limits, texts)

    rows = partial(_map, said, wanted, window, masked, chosen, (kind, limits))
    return [Band(first.height, first.gap, legend, timed=False), *said_of_them, Band(_ROW * len(chosen), 0.03, rows)]


def chosen_classes(said: Array, wanted: Array) -> list[int]:
    """Of many classes those that matter: expected most often, then by their peak; in their own order."""
    count = said.shape[1]
    if count <= MOST:
        return list(range(count))
    known = wanted[wanted >= 0]
    often = np.argsort(-np.bincount(known, minlength=count), kind="stable")[: len(np.unique(known))]
    by_peak = np.argsort(-np.nan_to_num(said).max(axis=0), kind="stable")
    return sorted(list(dict.fromkeys([*often.tolist(), *by_peak.tolist()]))[:MOST])


def _map(  # noqa: PLR0917
    said: Array,
    wanted: Array,
    window: tuple[int, int],
    masked: list[Span],
    chosen: list[int],
    scale: tuple[str, tuple[float, float]],
    axes: Any,
) -> None:
    start, stop = window
    kind, limits = scale
    stride = -(-(stop - start) // COLUMNS)
    values = blocks.thinned(said[start:stop], stride, chosen)[0]
    extent = (start - 0.5, start - 0.5 + values.shape[1] * stride, len(chosen) - 0.5, -0.5)
    look = {"extent": extent, "aspect": "auto", "interpolation": "nearest", "origin": "upper"}
    held = np.ma.masked_invalid(values)
    axes.imshow(held, cmap=colours(kind).with_extremes(bad=(0, 0, 0, 0)), vmin=limits[0], vmax=limits[1], **look)
    axes.set_xlim(start - 0.5, stop - 0.5)
    hatched(axes, masked, (-0.5, len(chosen) - 0.5), zorder=2)
    row_of = {k: row for row, k in enumerate(chosen)}
    ends = [start, *(np.flatnonzero(np.diff(wanted[start:stop])) + start + 1).tolist(), stop]
    for left, right in pairwise(ends):
        row = row_of.get(int(wanted[left]))
        if row is None:
            continue
        # Ink within paper: it is seen on black and on white.
        for colour, width in ((PAPER, 2.0), (INK, 0.8)):
            frame = {"fill": False, "edgecolor": colour, "linewidth": width, "zorder": 3}
            axes.add_patch(Rectangle((left - 0.5, row - 0.5), right - left, 1, clip_on=False, **frame))
    axes.set_yticks(range(len(chosen)), [f"class {k}" for k in chosen])
    size = TEXT if len(chosen) <= 12 else SMALL  # noqa: PLR2004
    axes.tick_params(axis="y", labelsize=size, colors=INK, length=0, pad=4, left=False, labelleft=True)
    axes.spines[:].set(visible=True, color=QUIET, linewidth=0.4)
