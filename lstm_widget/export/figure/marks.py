"""What says that there is no number: hatching over masked timesteps."""

from __future__ import annotations

from typing import Any

from matplotlib.patches import Rectangle

from lstm_widget.export.figure.paper import PAPER
from lstm_widget.protocol import Span


def hatched(axes: Any, masked: list[Span], heights: tuple[float, float], zorder: float = 0) -> None:
    """Hatch stretches of time between two heights."""
    low, high = heights
    for start, stop in masked:
        place, size = (start - 0.5, low), (stop - start, high - low)
        # States were carried through here, which are not new numbers: they fade.
        axes.add_patch(Rectangle(place, *size, facecolor=PAPER, alpha=0.5, linewidth=0, zorder=zorder))
        axes.add_patch(
            Rectangle(
                place, *size, fill=False, hatch="/////", edgecolor="#b0b0b0", linewidth=0, zorder=zorder, clip_on=True
            )
        )
