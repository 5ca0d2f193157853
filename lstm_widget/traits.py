"""The traits of a selection: what each may be, for Python, and made to be, for the browser.

Python is told what is wrong, with what is right; what the browser sends is made to fit, whatever it is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets as t

from lstm_widget.analysis.ordering import ORDERS, SIMILARITY
from lstm_widget.errors import LayerNotFoundError
from lstm_widget.quantities import QUANTITIES, CellKind, find

if TYPE_CHECKING:
    _TraitType = t.TraitType[Any, Any]
else:
    _TraitType = t.TraitType  # the traitlets of Colab, 5.7, takes no type parameters


@dataclass(frozen=True)
class Room:
    """What there is to select from.

    Attributes
    ----------
    layers : sequence of str
        None before the first step of a recording.
    steps : int
    samples : int
        Of the selected layer.
    cell : {"lstm", "gru", "simple_rnn"}
    timesteps, units : int
        Of the layer on screen.
    unit : int
        The selected one, which "similarity" alone means.
    """

    layers: Sequence[str]
    steps: int
    samples: int
    cell: CellKind
    timesteps: int
    units: int
    unit: int


class Selected(_TraitType):
    """A trait that either side may set. Its owner has a ``room``."""

    def __init__(self, default: Any = None) -> None:
        super().__init__(default)
        self.tag(sync=True)

    def validate(self, obj: Any, value: Any) -> Any:
        """Let Python set what there is."""
        if not obj.room.layers:
            if value == self.default_value:
                return value
            raise t.TraitError(f"{self.name}={value!r}: nothing can be chosen before the first step is recorded")
        return self.checked(value, obj.room)

    def checked(self, value: Any, room: Room) -> Any:
        """Give the value as it is kept.

        Raises
        ------
        traitlets.TraitError
            If there is no such thing; says what there is.
        """
        return self._check(value, room)

    def fitted(self, value: Any, now: Any, room: Room) -> Any:
        """Give the nearest value that there is, to anything that JSON can hold; where nothing is near, ``now``."""
        return self._fit(value, now, room)

    def kept(self, now: Any, room: Room) -> Any:
        """Give what remains of a value in another room."""
        return self._keep(now, room)

    def _check(self, value: Any, room: Room) -> Any:
        raise NotImplementedError

    def _fit(self, value: Any, now: Any, room: Room) -> Any:
        return self._first_possible(room, value, now, self.default_value)

    def _keep(self, now: Any, room: Room) -> Any:
        return self._fit(now, now, room)

    def _first_possible(self, room: Room, *values: Any) -> Any:
        for value in values[:-1]:
            try:
                return self._check(value, room)
            except t.TraitError:
                continue
        return values[-1]

    def _refused(self, value: Any, known: str) -> t.TraitError:
        return t.TraitError(f"{self.name}={value!r} is not {known}")


class LayerName(Selected):
    """The name of a layer."""

    def _check(self, value: Any, room: Room) -> str:
        if not isinstance(value, str) or value not in room.layers:
            raise self._refused(value, f"here; there is {', '.join(map(repr, room.layers))}")
        return str(value)


class OneOf(Selected):
    """One of a few words; the first is the usual one."""

    def __init__(self, *words: str) -> None:
        super().__init__(words[0])
        self._words = words

    def _check(self, value: Any, room: Room) -> str:  # noqa: ARG002
        if not isinstance(value, str) or value not in self._words:
            raise self._refused(value, f"one of {', '.join(map(repr, self._words))}")
        return str(value)


class Flag(Selected):
    """Yes or no."""

    def _check(self, value: Any, room: Room) -> bool:  # noqa: ARG002
        if not isinstance(value, bool | np.bool_):
            raise self._refused(value, "True or False")
        return bool(value)


class Order(Selected):
    """An order of the units. Similarity is to a unit: kept with it, or the map would change at every click."""

    def __init__(self) -> None:
        super().__init__("change")

    def _check(self, value: Any, room: Room) -> str:
        if isinstance(value, str) and value in ORDERS:
            return str(value)
        unit = _unit_of(value, room)
        if unit is None or unit >= room.units:
            known = ", ".join(map(repr, ORDERS))
            raise self._refused(value, f"one of {known}, '{SIMILARITY}:<unit>' with a unit in 0..{room.units - 1}")
        return f"{SIMILARITY}:{unit}"


class QuantityName(Selected):
    """A quantity of the layer's cell, by name or symbol; with ``usual=""`` none is one, too."""

    def __init__(self, *, usual: str) -> None:
        super().__init__(usual)

    def _check(self, value: Any, room: Room) -> str:
        name = value if isinstance(value, str) else repr(value)
        if name == self.default_value == "":
            return ""
        try:
            return find(room.cell, name).name
        except LayerNotFoundError as error:
            raise t.TraitError(f"{self.name}: {error}") from error

    def _fit(self, value: Any, now: Any, room: Room) -> str:
        return str(self._first_possible(room, value, now, self.default_value, QUANTITIES[room.cell][0].name))


class Index(Selected):
    """A sample, timestep or unit; with ``optional`` it may be None."""

    def __init__(self, axis: str, *, optional: bool = False) -> None:
        super().__init__(None if optional else 0)
        self._axis = axis
        self._optional = optional

    def _check(self, value: Any, room: Room) -> int | None:
        if value is None and self._optional:
            return None
        length = getattr(room, self._axis)
        index = _integer(value)
        if index is None or not 0 <= index < length:
            raise self._refused(value, f"in 0..{length - 1}{' and not None' if self._optional else ''}")
        return index

    def _fit(self, value: Any, now: Any, room: Room) -> int | None:
        if value is None and self._optional:
            return None
        wanted = next((number for number in map(_whole, (value, now)) if number is not None), None)
        return None if wanted is None else min(max(wanted, 0), getattr(room, self._axis) - 1)

    def _keep(self, now: Any, room: Room) -> int | None:
        # The last sample is not the one that was compared: dropped, not moved.
        return self._first_possible(room, now, None) if self._optional else self._fit(now, now, room)


class Units(Selected):
    """A list of units, each once."""

    def __init__(self) -> None:
        super().__init__([])

    def _check(self, value: Any, room: Room) -> list[int]:
        given = list(value) if isinstance(value, list | tuple | np.ndarray) else [value]
        units = [_integer(unit) for unit in given]
        found = [unit for unit in units if unit is not None and 0 <= unit < room.units]
        if len(found) < len(given) or not isinstance(value, list | tuple | np.ndarray):
            raise self._refused(value, f"a list of units in 0..{room.units - 1}")
        return list(dict.fromkeys(found))

    def _fit(self, value: Any, now: Any, room: Room) -> list[int]:
        given = value if isinstance(value, list) else now
        return self._check([u for u in given if (k := _integer(u)) is not None and 0 <= k < room.units], room)


class Window(Selected):
    """A stretch of timesteps, (start, stop), half-open; with ``optional`` it may be None."""

    def __init__(self, *, optional: bool = False) -> None:
        super().__init__(None if optional else (0, 1))
        self._optional = optional

    def _check(self, value: Any, room: Room) -> tuple[int, int] | None:
        if value is None and self._optional:
            return None
        start, stop = map(_integer, value) if _is_pair(value) else (None, None)
        if start is None or stop is None or not 0 <= start < stop <= room.timesteps:
            known = (
                f"(start, stop) with 0 <= start < stop <= {room.timesteps}{' and not None' if self._optional else ''}"
            )
            raise self._refused(value, known)
        return start, stop

    def _fit(self, value: Any, now: Any, room: Room) -> tuple[int, int] | None:
        if value is None and self._optional:
            return None
        given = value if _is_pair(value) else now
        start, stop = map(_whole, given) if given is not None else (None, None)
        if given is None or (self._optional and (start is None or stop is None)):
            return None
        start = min(max(start or 0, 0), room.timesteps - 1)
        return start, min(max(room.timesteps if stop is None else stop, start + 1), room.timesteps)

    def _keep(self, now: Any, room: Room) -> tuple[int, int] | None:
        # Half of a stretch that was asked about is another question.
        return self._first_possible(room, now, None) if self._optional else self._fit(now, now, room)


class Number(Selected):
    """A finite number, or None."""

    def _check(self, value: Any, room: Room) -> float | None:  # noqa: ARG002
        if value is None:
            return None
        number = _finite(value)
        if number is None:
            raise self._refused(value, "a finite number and not None")
        return number


def _finite(value: Any) -> float | None:
    """Read a number; not a bool, and no integer that is too large for a float."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _integer(value: Any) -> int | None:
    """Read an integer, Python's or NumPy's."""
    return int(value) if isinstance(value, int | np.integer) and not isinstance(value, bool) else None


def _whole(value: Any) -> int | None:
    """Read an integer, or a number that JavaScript did not round."""
    if (index := _integer(value)) is not None:
        return index
    number = _finite(value)
    return None if number is None else int(number)


def _is_pair(value: Any) -> bool:
    return isinstance(value, list | tuple | np.ndarray) and len(value) == 2  # noqa: PLR2004


def _unit_of(sort: Any, room: Room) -> int | None:
    """Give the unit of "similarity:12", or the selected one for plain "similarity"."""
    name, colon, unit = sort.partition(":") if isinstance(sort, str) else ("", "", "")
    if name != SIMILARITY or (colon and not (unit.isascii() and unit.isdecimal() and len(unit) < 10)):  # noqa: PLR2004
        return None
    return int(unit) if colon else room.unit
