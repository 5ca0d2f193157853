"""Where a widget opens: what was given, and for the rest the place at which something happens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lstm_widget.serving.shelf import Shelf
from lstm_widget.serving.shelves import Shelves
from lstm_widget.traits import Room, Selected

NO_ROOM = Room((), 0, 0, "lstm", 0, 0, 0)
"""Before there is anything."""


def room_of(shelf: Shelf, steps: int, layer: str, sample: int, unit: int) -> Room:
    """Give what there is to select from where that layer and sample are on screen."""
    trace, _ = shelf.at(layer, sample)
    return Room(shelf.layers, steps, shelf.samples(layer), trace.cell, trace.timesteps, trace.units, unit)


def first_selection(
    shelves: Shelves, given: Mapping[str, Any], traits: Mapping[str, Selected]
) -> tuple[dict[str, Any], Room]:
    """Choose what was not given, and say what there is to select from there.

    A unit means nothing before its layer is known, so what limits others is checked first.

    Raises
    ------
    traitlets.TraitError
        If there is no such layer, sample, unit or order.
    """
    numbers = shelves.numbers
    steps, place = len(numbers), numbers.index(shelves.last)
    shelf = shelves[shelves.last]
    last = shelf.layers[-1]
    layer = traits["layer"].checked(given.get("layer", last), room_of(shelf, steps, last, 0, unit=0))
    room = room_of(shelf, steps, layer, 0, unit=0)
    step = traits["step"].checked(given.get("step", place), room)
    # Two are there to be compared, each with the other; of a training one sees how it ended.
    compared = given.get("compared_step", 1 - step) if shelves.are_to_compare else None
    sample = traits["sample"].checked(given.get("sample", shelf.first_sample(layer)), room)
    unit, timestep = shelf.first_place(layer, sample)
    unit = traits["unit"].checked(given.get("unit", unit), room)
    room = room_of(shelf, steps, layer, sample, unit)
    sort = traits["sort"].checked(given.get("sort", "change"), room)
    quantity = traits["quantity"].fitted(None, None, room)
    chosen = {"timestep": timestep, "quantity": quantity, "pinned": [], "compared_step": compared}
    comparison = "a" if compared is None else "difference"
    chosen |= {"comparison": comparison, **given}
    return {**chosen, "layer": layer, "step": step, "sample": sample, "unit": unit, "sort": sort}, room
