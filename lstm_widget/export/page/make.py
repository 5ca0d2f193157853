"""Makes a page, if it is not too large."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from lstm_widget import bundle
from lstm_widget.errors import InputError, PageTooLargeError
from lstm_widget.export import picked
from lstm_widget.export.page.embed import bytes_of, embed
from lstm_widget.export.page.html import document
from lstm_widget.export.page.moved import moved, part_of
from lstm_widget.opening import room_of
from lstm_widget.serving.shelf import Shelf
from lstm_widget.traits import Selected


@dataclass(frozen=True)
class Chosen:
    """The part that a page is asked for.

    Attributes
    ----------
    rows : list of int
        Of the input.
    span : (int, int) or None
        A stretch of time; None for all.
    steps : int
        How long it is.
    max_mb : float
    """

    rows: list[int]
    span: tuple[int, int] | None
    steps: int
    max_mb: float

    def hold(self, size: int, words: str) -> None:
        """Refuse a page of so many bytes, if that is too large, and say what fits; ``words`` stand before the size."""
        if size <= self.max_mb * 1e6:
            return
        fixed, count = _bytes_of_a_page(), len(self.rows)
        one, room = max(size - fixed, count) // count, self.max_mb * 1e6 - fixed
        fit, some = int(room // one), int(self.steps * room / one)
        part = ""
        if fit > 0 and count > 1:
            part = f"samples={self.rows[: min(fit, 3)]}, or "
        elif some > 0:
            part = f"timesteps=(0, {some}), or "
        msg = (
            f"the page would take {words}{size / 1e6:,.2f} MB, and max_mb is {self.max_mb:g}; each of its samples "
            f"({count}) takes {one / 1e6:,.2f} MB. Type {part}max_mb={size // 1_000_000 + 1} for all of it"
        )
        raise PageTooLargeError(msg)


def chosen(shelf: Shelf, samples: Any, timesteps: Any, max_mb: Any) -> Chosen:
    """Read what a page is asked for.

    Raises
    ------
    PageTooLargeError
        If its numbers alone take more than ``max_mb``; says what to type.
    InputError
        If there is no such sample or timestep.
    """
    if isinstance(max_mb, bool) or not isinstance(max_mb, int | float | np.number) or not max_mb > 0:
        msg = f"max_mb={max_mb!r} is no size; give megabytes, such as max_mb=100"
        raise InputError(msg)
    rows = list(range(shelf.rows)) if samples is None else picked.indices_of(samples, "samples", shelf.rows)
    longest = max(shelf.at(name, 0)[0].timesteps for name in shelf.layers)
    span = None if timesteps is None else picked.window_of(timesteps, longest)
    steps = longest if span is None else span[1] - span[0]
    asked = Chosen(rows, span, steps, float(max_mb))
    # Before anything is read: names and words are counted when they are.
    asked.hold(len(rows) * (_bytes_of_a_row(shelf) * steps // longest) + _bytes_of_a_page(), "at least ")
    return asked


def page_of(
    shelf: Shelf,
    now: Mapping[str, Any],
    traits: Mapping[str, Selected],
    height: int,
    *,
    samples: Any = None,
    timesteps: Any = None,
    title: str | None = None,
    step: str = "",
    max_mb: Any,
) -> bytes:
    """Make a page of a part of a shelf, that opens where a widget is now; see `LSTMWidget.save_html`.

    ``step`` is what the step on screen is called: on the page there is no other, so no slider says it.
    """
    asked = chosen(shelf, samples, timesteps, max_mb)
    page, part = shelf.part(asked.rows, asked.span), part_of(shelf, asked.rows, asked.span)
    # Of several steps a page carries the one on screen.
    now, notes = {**now, "step": 0, "compared_step": None}, [step] if step else []
    if now["panel"] == "weights":
        now["panel"] = "map"
        notes.append("weights do not travel, so this page opens at the map")
    there = moved(now, part, page.at(now["layer"], 0)[0].timesteps)
    room = room_of(page, 1, there["layer"], there["sample"], there["unit"])
    selection = {key: trait.kept(there[key], room) for key, trait in traits.items()}
    text = document(embed(page, selection, height, part), title, "; ".join(notes)).encode()
    asked.hold(len(text), "")
    return text


def _bytes_of_a_row(shelf: Shelf) -> int:
    """Of the numbers."""
    return sum(bytes_of(shelf.at(name, 0)[0], shelf.samples(name)) for name in shelf.layers) // shelf.rows


def _bytes_of_a_page() -> int:
    return len(bundle.read("page.js")) + len(bundle.read("widget.css")) + 10_000
