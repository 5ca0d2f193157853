"""The sheet: a figure in inches with bands one above the other, all on one time axis."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.ticker import FixedFormatter, FixedLocator, MaxNLocator

TEXT, SMALL = 8, 6
"""Points."""

INK, QUIET, RULE, PAPER = "#1f1f1f", "#666666", "#d4d4d4", "#ffffff"
"""The widget's, in its light theme."""

_EDITABLE = {"pdf.fonttype": 42, "svg.fonttype": "none", "savefig.facecolor": "auto"}
"""Text stays text in PDF and SVG; a style that somebody has switched on does not blacken the sheet."""

_BELOW = 0.36
"""Inches for the numbers and the name of the time axis."""


@dataclass(frozen=True)
class Band:
    """A strip of the figure.

    Attributes
    ----------
    height : float
        Inches.
    gap : float
        Inches that stay empty above it.
    draw : callable
        Draws it into axes of that height, in timesteps from left to right.
    timed : bool
        It stands on the time axis; the head of a map does not.
    """

    height: float
    gap: float
    draw: Callable[[Any], None]
    timed: bool = True


class PaperFigure(Figure):  # type: ignore[misc]  # matplotlib is not read for its types
    """A figure that pyplot knows nothing of, that shows itself in a notebook and saves its text as text."""

    def savefig(self, fname: Any, **kwargs: Any) -> None:
        """Save; as `matplotlib.figure.Figure.savefig`."""
        with rc_context(_EDITABLE):
            super().savefig(fname, **kwargs)

    def _repr_png_(self) -> bytes:
        file = BytesIO()
        self.savefig(file, format="png", dpi=200)
        return file.getvalue()


def sheet(
    bands: Sequence[Band],
    window: tuple[int, int],
    width: float,
    *,
    ax: Any = None,
    name_of: Callable[[int], str] | None = None,
    axis: str | None = "timestep",
) -> Any:
    """Put bands one above the other: into axes that are given, else into a figure of their own.

    Parameters
    ----------
    bands : sequence of Band
    window : (start, stop)
        The timesteps on the axis, or whatever ``axis`` says that it counts.
    width : float
        Inches.
    ax : matplotlib axes, optional
    name_of : callable, optional
        Names a timestep; by number, if left out.
    axis : str or None
        What it counts; None where the last band draws an axis of its own.

    Returns
    -------
    matplotlib.figure.Figure
    """
    total = sum(band.height + band.gap for band in bands)
    if ax is None:
        figure = PaperFigure(figsize=(width, total + _BELOW), facecolor=PAPER, layout="constrained")
        figure.get_layout_engine().set(w_pad=0.02, h_pad=0.02)
        ax = figure.add_subplot()
    ax.set_axis_off()
    top = 1.0
    for band in bands:
        top -= (band.height + band.gap) / total
        axes = ax.inset_axes([0, top, 1, band.height / total])
        _bare(axes)
        if band.timed:
            axes.set_xlim(window[0] - 0.5, window[1] - 0.5)
        band.draw(axes)
        if band is bands[-1] and axis is not None:
            _counting_axis(axes, window, axis, name_of)
    return ax.figure


def signed(text: str) -> str:
    """Write a minus as wide as a plus."""
    return text.replace("-", "\N{MINUS SIGN}")


def _bare(axes: Any) -> None:
    axes.set_facecolor("none")
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    axes.set_xticks([])
    axes.set_yticks([])


def _counting_axis(axes: Any, window: tuple[int, int], name: str, name_of: Callable[[int], str] | None) -> None:
    places = [
        int(t)
        for t in MaxNLocator(6, integer=True, steps=[1, 2, 5, 10]).tick_values(*window)
        if window[0] <= t < window[1]
    ]
    axes.xaxis.set_major_locator(FixedLocator(places))
    axes.xaxis.set_major_formatter(FixedFormatter([name_of(t) if name_of else signed(str(t)) for t in places]))
    axes.tick_params(axis="x", labelsize=TEXT, colors=INK, length=2, width=0.5, pad=2, bottom=True, labelbottom=True)
    axes.set_xlabel(name, fontsize=TEXT, color=INK, labelpad=2)
