"""A request, read field by field: nothing of it is believed before it was looked at."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeGuard

from lstm_widget.analysis.ordering import ORDERS, SIMILARITY
from lstm_widget.layer_trace import LayerTrace
from lstm_widget.protocol import MAX_ID
from lstm_widget.serving.answers.needs import Shelf, Shelves

MAX_TEXT = 256
"""Longest text to search for, in characters."""


class RefusedError(Exception):
    """Why a message gets an error for an answer."""


def identity_of(message: Any) -> str:
    """Give the id of a request: ASCII, so that it can be sent back whatever it says."""
    identity = message.get("id") if isinstance(message, dict) else None
    if not isinstance(identity, str) or not 0 < len(identity) <= MAX_ID or not identity.isascii():
        raise RefusedError(f"a request needs an id of 1 to {MAX_ID} plain characters")
    return identity


def kind_of(message: dict[str, Any], known: Sequence[str]) -> str:
    """Give the kind of a request, one of those that are known."""
    kind = message.get("kind")
    if not isinstance(kind, str) or kind not in known:
        raise RefusedError(f"unknown kind {short(kind)}; known are {', '.join(known)}")
    return kind


@dataclass
class Asked:
    """One request; each method gives a field that can be relied upon, or refuses.

    Raises
    ------
    RefusedError
        Everywhere: what was found, and what may be asked.
    """

    shelves: Shelves
    id: str
    kind: str
    fields: dict[str, Any]

    def refuse(self, why: str) -> RefusedError:
        """Say which kind of request was refused, and why."""
        return RefusedError(f"{self.kind}: {why}")

    @cached_property
    def shelf(self) -> Shelf:
        """Give what there is at the step that the request is about."""
        return self.shelves[self.step()]

    def step(self) -> int:
        """Give the number of a step that there is."""
        value, numbers = self.fields.get("step"), self.shelves.numbers
        if isinstance(value, bool) or not isinstance(value, int) or value not in numbers:
            raise self.refuse(f"step={short(value)} is none of the {len(numbers)} that there are")
        return value

    def layer(self) -> str:
        """Give the name of a layer that there is."""
        name = self.fields.get("layer")
        if not isinstance(name, str) or name not in self.shelf.layers:
            raise self.refuse(f"there is no layer {short(name)}")
        return name

    def sample(self) -> int:
        """Give the number of a sample of the layer."""
        return self.integer("sample", 0, self.shelf.samples(self.layer()) - 1)

    def trace(self) -> tuple[LayerTrace, int]:
        """Give the trace of the layer, and the place of the sample in it."""
        return self.shelf.at(self.layer(), self.sample())

    def integer(self, key: str, low: int, high: int) -> int:
        """Give an integer in ``low..high``."""
        value = self.fields.get(key)
        if not (_is_integer(value) and low <= value <= high):
            raise self.refuse(f"{key}={short(value)} is no integer in {low}..{high}")
        return value

    def flag(self, key: str) -> bool:
        """Give a yes or a no."""
        value = self.fields.get(key)
        if not isinstance(value, bool):
            raise self.refuse(f"{key}={short(value)} is neither true nor false")
        return value

    def number(self, key: str) -> float:
        """Give a finite number."""
        value = self.fields.get(key)
        try:
            number = math.nan if isinstance(value, bool) or not isinstance(value, int | float) else float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            raise self.refuse(f"{key}={short(value)} is no finite number")
        return number

    def span(self, length: int, most: int | None = None) -> tuple[int, int]:
        """Give ``start`` and ``stop`` within a length, at most so far from each other."""
        start, stop = self.fields.get("start"), self.fields.get("stop")
        if not (_is_integer(start) and _is_integer(stop) and 0 <= start < stop <= length):
            raise self.refuse(f"start={short(start)}, stop={short(stop)} is outside 0..{length}")
        if most is not None and stop - start > most:
            raise self.refuse(f"{stop - start:,} asked for at once, {most:,} at most; ask for pieces")
        return start, stop

    def units(self, count: int) -> list[int]:
        """Give a list of some of so many units."""
        values = self.fields.get("units")
        if not isinstance(values, list) or not 0 < len(values) <= count:
            raise self.refuse(f"units={short(values)} is no list of 1 to {count} units")
        for value in values:
            if not (_is_integer(value) and 0 <= value < count):
                raise self.refuse(f"units: {short(value)} is no integer in 0..{count - 1}")
        return values

    def choice(self, key: str, known: Sequence[str]) -> str:
        """Give one of a few words."""
        value = self.fields.get(key)
        if not isinstance(value, str) or value not in known:
            raise self.refuse(f"{key}={short(value)} is none of {', '.join(known)}")
        return value

    def choices(self, key: str, known: Sequence[str], most: int) -> list[str]:
        """Give a list of such words."""
        values = self.fields.get(key)
        if not isinstance(values, list) or not 0 < len(values) <= most:
            raise self.refuse(f"{key}={short(values)} is no list of 1 to {most} names")
        for value in values:
            if value not in known:
                raise self.refuse(f"{key}: {short(value)} is none of {', '.join(known)}")
        return values

    def sort(self) -> str:
        """Give an order of the layer's units."""
        value, units = self.fields.get("sort"), self.trace()[0].units
        name, _, unit = value.partition(":") if isinstance(value, str) and len(value) <= MAX_TEXT else ("", "", "")
        alike = name == SIMILARITY and unit.isascii() and unit.isdecimal() and len(unit) < 10  # noqa: PLR2004
        if value not in list(ORDERS) and not (alike and int(unit) < units):
            known = ", ".join(ORDERS)
            raise self.refuse(f"sort={short(value)} is none of {known}, {SIMILARITY}:<unit> with a unit below {units}")
        return str(value)

    def text(self, key: str) -> str:
        """Give a text to search for, without the blanks round it."""
        value = self.fields.get(key)
        if not isinstance(value, str) or len(value) > MAX_TEXT:
            raise self.refuse(f"{key}={short(value)} is no text of at most {MAX_TEXT} characters")
        return value.strip()


def _is_integer(value: Any) -> TypeGuard[int]:
    """Tell a number from JSON's true and false, which Python counts among them."""
    return isinstance(value, int) and not isinstance(value, bool)


def short(value: Any) -> str:
    """Quote what came in, at a length that cannot fill a log."""
    # A long integer is not even written down: that takes time that grows with its square.
    huge = isinstance(value, int) and value.bit_length() > 128  # noqa: PLR2004
    plain = isinstance(value, str | int | float | bool | None) and not huge
    text = repr(value[:40] if isinstance(value, str) else value) if plain else type(value).__name__
    return text if len(text) <= 40 else text[:37] + "..."  # noqa: PLR2004
