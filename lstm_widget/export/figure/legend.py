"""The head of a figure of predictions: which mark is which, and how far off the model is."""

from __future__ import annotations

from functools import partial
from typing import Any

from lstm_widget.export.figure.paper import INK, QUIET, SMALL, TEXT, Band

HEAD = 0.17
"""Inches."""
_LINE = 60
"""Characters that a column of a paper has room for."""
SAID = {"color": INK, "linewidth": 1.2}
EXPECTED = {"color": INK, "linewidth": 0.7, "linestyle": (0, (4, 2.5))}
"""As in the widget: weight and dash tell them apart, colour does not have to."""


def head(handles: list[Any], words: str) -> list[Band]:
    """Give the marks with their names, and below them what is said of the numbers: in one line, or in several."""
    lines = [words] if len(words) <= _LINE else words.split("; ")
    return [
        Band(HEAD, 0, partial(_legend, handles), timed=False),
        *(Band(0.11, 0, partial(_words, line), timed=False) for line in lines),
    ]


def _legend(handles: list[Any], axes: Any) -> None:
    axes.set(xlim=(0, 1), ylim=(0, 1))
    look = {"frameon": False, "fontsize": TEXT, "labelcolor": INK, "handlelength": 2.2, "handletextpad": 0.5}
    # Without paddings: it stands exactly over what is below.
    axes.legend(
        handles=handles,
        loc="center left",
        bbox_to_anchor=(0, 0.5),
        ncols=len(handles),
        borderpad=0,
        borderaxespad=0,
        columnspacing=1.4,
        **look,
    )


def _words(words: str, axes: Any) -> None:
    axes.text(0, 0.6, words, transform=axes.transAxes, va="center", fontsize=SMALL, color=QUIET)
