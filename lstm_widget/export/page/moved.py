"""From the numbers of a widget to those of a page that holds a part: it counts samples and timesteps anew."""

from __future__ import annotations

from typing import Any

from lstm_widget.cutting import samples_of
from lstm_widget.export.page.embedded import Part
from lstm_widget.protocol import Span
from lstm_widget.serving.shelf import Shelf


def part_of(shelf: Shelf, rows: list[int], span: Span | None) -> Part:
    """Say where the page's numbers stand in the shelf."""
    samples = {name: samples_of(shelf.at(name, 0)[0], rows) for name in shelf.layers}
    return Part(start=0 if span is None else span[0], samples=samples)


def moved(selection: dict[str, Any], part: Part, timesteps: int) -> dict[str, Any]:
    """Give a widget's selection in the page's numbers; what is not on the page becomes None, its sample the first.

    Parameters
    ----------
    selection : dict of str to value
    part : Part
    timesteps : int
        Of the page.
    """
    here, start = part["samples"][selection["layer"]], part["start"]

    def stretch(span: Span | None) -> Span | None:
        low, high = span or (0, 0)
        low, high = max(low - start, 0), min(high - start, timesteps)
        return (low, high) if low < high else None

    sample, compared = selection["sample"], selection["compared"]
    return {
        **selection,
        "sample": here.index(sample) if sample in here else 0,
        "compared": here.index(compared) if compared in here else None,
        "timestep": selection["timestep"] - start,
        "zoom": stretch(selection["zoom"]) or (0, timesteps),
        "range": stretch(selection["range"]),
    }
