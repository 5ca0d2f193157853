"""Which layers, and which samples of which batches, were asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from lstm_widget.capture.record import Array, LayerRun
from lstm_widget.errors import InputError, LayerNotFoundError

Layers = Iterable[str | object] | str | None
Samples = Iterable[int] | int | None


class Selection:
    """What of a run is kept.

    Parameters
    ----------
    rows : int
        Rows of the inputs.
    lanes : int or None
        Batch size of a stateful model, whose batches continue each other; None for any other.
    layers : names or layer objects, or None for all
    samples : rows of the inputs (of the batch, if the model is stateful), or None for all
    """

    def __init__(self, rows: int, lanes: int | None, layers: Layers, samples: Samples) -> None:
        self._lanes = lanes
        count = rows if lanes is None else lanes
        self.samples = np.arange(count) if samples is None else _checked(samples, count, stateful=lanes is not None)
        self.rows = self.samples if lanes is None else (np.arange(0, rows, lanes)[:, None] + self.samples).ravel()
        """Kept rows of the inputs, in the order of the result."""
        single = isinstance(layers, str) or not isinstance(layers, Iterable)
        self._layers: list[Any] | None = None if layers is None else [layers] if single else list(layers)
        if self._layers == []:
            msg = "layers=[] asks for nothing; name a recurrent layer, or leave it out for all of them"
            raise InputError(msg)

    def wants(self, name: str, layer: object, numbered: bool) -> bool:  # noqa: FBT001
        """Say whether this call of a layer was asked for. A name stands for the first call; the layer for all.

        Where calls are not ``numbered`` yet, say whether any call under the name was.
        """
        if self._layers is None:
            return True
        names = [item if numbered or not isinstance(item, str) else item.partition("#")[0] for item in self._layers]
        return any(item is layer or item == name for item in names)

    def check_found(self, seen: list[str], layers: list[object]) -> None:
        """Refuse names and layers that did not run.

        Raises
        ------
        LayerNotFoundError
        """
        for item in self._layers or []:
            if item not in seen and not any(item is layer for layer in layers):
                name = item if isinstance(item, str) else getattr(item, "name", item)
                msg = f"no recurrent layer {name!r} ran; those that did are {', '.join(map(repr, seen))}"
                raise LayerNotFoundError(msg)

    def rows_in(self, start: int, size: int) -> Array:
        """Give the kept rows of a batch, counted from its start."""
        if self._lanes is not None:
            return self.samples
        return self.samples[(self.samples >= start) & (self.samples < start + size)] - start

    @property
    def stride(self) -> int:
        """How many rows further down a stateful layer goes on."""
        return self._lanes or 0

    def places(self, rows: Array) -> Array:
        """Say where these rows of the inputs stand in the result."""
        order = np.argsort(self.rows)
        found: Array = order[np.searchsorted(self.rows, rows, sorter=order)]
        return found

    @staticmethod
    def samples_of(run: LayerRun, rows: Array) -> Array:
        """Give the samples of a run that belong to these rows; a TimeDistributed makes several of one."""
        repeats = int(np.prod(run.outer, dtype=int))
        samples: Array = (rows[:, None] * repeats + np.arange(repeats)).ravel()
        return samples


def as_slice(indices: Array) -> slice | Array:
    """Give the slice that picks these indices, if there is one: NumPy copies nothing then."""
    first, count = int(indices[0]), len(indices)
    return slice(first, first + count) if (indices == np.arange(first, first + count)).all() else indices


def _checked(samples: Iterable[int] | int, count: int, *, stateful: bool) -> Array:
    where = "the batch of this stateful model" if stateful else "the inputs"
    try:
        wanted = np.atleast_1d(np.asarray(samples if isinstance(samples, int | np.integer) else list(samples)))
    except (TypeError, ValueError):  # no iterable, or one of unequal lengths
        wanted = np.empty(0)
    if wanted.size == 0 or wanted.ndim != 1 or wanted.dtype.kind not in "iu":
        msg = f"samples={samples!r}: give row numbers of {where}, 0 to {count - 1}, such as samples=[0, 1]"
        raise InputError(msg)
    wrong = wanted[(wanted < 0) | (wanted >= count)]
    if wrong.size:
        msg = f"samples: {int(wrong[0])} is not among the rows of {where}, 0 to {count - 1}"
        raise InputError(msg)
    if len(np.unique(wanted)) < len(wanted):
        msg = f"samples={samples!r} names a row twice; name each once"
        raise InputError(msg)
    return wanted
