"""What colours mean: the widget's tables as matplotlib's, and a bar of them with its limits."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.colors import ListedColormap

from lstm_widget.colours import tables
from lstm_widget.export.figure.paper import INK, PAPER, QUIET, SMALL

NEGATIVE, DEEP = -0.1, -0.6
"""Parts of the scale: below the one a cell is marked as negative, below the other it is dark."""


def colours(kind: str) -> Any:
    """Give the table of a kind of quantity, gate or signed."""
    table = np.frombuffer(bytes.fromhex(tables()[f"{kind}-light"]), np.uint8).reshape(256, 3)
    return ListedColormap(table / 255)


def bar(axes: Any, kind: str, limits: tuple[float, float], texts: tuple[str, str]) -> None:
    """Show the colours at the right of a head, from one limit to the other."""
    inner = axes.inset_axes([0.74, 0.28, 0.2, 0.36])
    inner.imshow(np.linspace(*limits, 256)[None], cmap=colours(kind), aspect="auto", extent=(*limits, 0, 1))
    if kind == "signed":
        low = limits[0]
        inner.hlines(0.5, -low * DEEP, low * -NEGATIVE, color=INK, linewidth=0.35)
        inner.hlines(0.5, low, -low * DEEP, color=PAPER, linewidth=0.35)
    inner.set_xticks([])
    inner.set_yticks([])
    inner.spines[:].set(visible=True, color=QUIET, linewidth=0.4)
    small = {"transform": axes.transAxes, "va": "center", "fontsize": SMALL, "color": QUIET}
    axes.text(0.73, 0.45, texts[0], ha="right", **small)
    axes.text(0.95, 0.45, texts[1], ha="left", **small)
