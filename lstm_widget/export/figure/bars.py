"""The classes of one sequence: a bar each, with the expected one marked."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from lstm_widget.analysis.targets import are_probabilities
from lstm_widget.capture.record import Array
from lstm_widget.export.figure.classes import MOST, chosen_classes
from lstm_widget.export.figure.legend import head
from lstm_widget.export.figure.paper import INK, QUIET, RULE, SMALL, TEXT, Band, signed

_ROW = 0.16
_GREY = "#a0a0a0"


def bars(said: Array, wanted: int, words: str) -> list[Band]:
    """Give the head and the bars.

    Parameters
    ----------
    said : (class,)
        Probabilities, or whatever the model answers.
    wanted : int
    words : str
    """
    chosen = chosen_classes(said[None], np.array([wanted]))
    if len(chosen) < len(said):
        words = f"{len(chosen)} of {len(said):,} classes; {words}"
    handles = [
        Patch(label="predicted", facecolor=_GREY),
        Line2D([], [], label="expected", color=INK, marker="D", markersize=3.5, linestyle="none"),
    ]
    return [*head(handles, words), Band(_ROW * len(chosen), 0.03, partial(_bars, said, wanted, chosen), timed=False)]


def _bars(said: Array, wanted: int, chosen: list[int], axes: Any) -> None:
    values = np.nan_to_num(said[chosen], posinf=0, neginf=0)
    probable = are_probabilities(said)
    low, high = (0.0, 1.0) if probable else (min(0.0, float(values.min())), max(0.0, float(values.max())))
    high = high if high > low else 1.0
    rows = np.arange(len(chosen))
    # Room at the right for the number of the longest bar.
    axes.set(xlim=(low, high + 0.16 * (high - low)), ylim=(len(chosen) - 0.5, -0.5))
    axes.axvline(0, color=RULE, linewidth=0.5, zorder=0)
    axes.barh(rows, values, height=0.66, color=_GREY, linewidth=0)
    best = int(np.nan_to_num(said, nan=-np.inf).argmax())
    for row, k in enumerate(chosen):
        weight = "bold" if k == best else "normal"
        text = f"{said[k]:.2f}" if np.isfinite(said[k]) else str(said[k])
        at = (max(0.0, float(values[row])), row)
        mark = 9 if k == wanted else 3
        axes.annotate(signed(text), at, (mark, 0), textcoords="offset points", va="center", fontsize=SMALL, color=INK)
        if k == wanted:
            # At the end of its bar, where one looks for its length.
            axes.annotate("\N{BLACK DIAMOND}", at, (2, 0), textcoords="offset points", va="center", fontsize=SMALL)
        axes.annotate(
            f"class {k}",
            (0, row),
            (-6, 0),
            xycoords=axes.get_yaxis_transform(),
            textcoords="offset points",
            va="center",
            ha="right",
            fontsize=TEXT if len(chosen) <= MOST else SMALL,
            color=INK,
            fontweight=weight,
        )
    axes.set_xticks(np.linspace(low, high, 3) if probable else sorted({low, 0.0, high}))
    axes.xaxis.set_major_formatter(lambda x, _: signed(f"{x:.2g}"))
    axes.tick_params(axis="x", labelsize=TEXT, colors=INK, length=2, width=0.5, pad=2, bottom=True, labelbottom=True)
    axes.set_xlabel("probability" if probable else "output", fontsize=TEXT, color=INK, labelpad=2)
    axes.spines["bottom"].set(visible=True, color=QUIET, linewidth=0.4)
