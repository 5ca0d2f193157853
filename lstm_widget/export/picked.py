"""What is to be exported: arguments of people, checked, and told what there is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from lstm_widget.errors import InputError
from lstm_widget.layer_trace import LayerTrace
from lstm_widget.quantities import Quantity, find
from lstm_widget.trace import Trace


def layer_of(trace: Trace, name: Any) -> LayerTrace:
    """Give a layer by name or object; the last one for None, as the widget opens."""
    if not len(trace):
        msg = "the trace holds no layer; extract one with a recurrent layer in it"
        raise InputError(msg)
    return trace[list(trace)[-1] if name is None else name]


def index_of(value: Any, what: str, count: int) -> int:
    """Give an integer in ``0..count - 1``.

    Raises
    ------
    InputError
        If it is none.
    """
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | np.integer) or not 0 <= value < count:
        msg = f"{what}={value!r} is not here; there are {count:,}, give an integer in 0..{count - 1}"
        raise InputError(msg)
    return int(value)


def indices_of(values: Any, what: str, count: int) -> list[int]:
    """Give a list of such integers, at least one, each once."""
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        msg = f"{what}={values!r} is no list; give integers in 0..{count - 1}"
        raise InputError(msg)
    found = list(dict.fromkeys(index_of(value, what, count) for value in values))
    if not found:
        msg = f"{what} is empty; leave it out for all, or give integers in 0..{count - 1}"
        raise InputError(msg)
    return found


def quantities_of(layer: LayerTrace, names: Any) -> list[Quantity]:
    """Give quantities by name or symbol, one or several; all for None."""
    if names is None:
        return list(layer.quantities)
    given = [names] if isinstance(names, str) else names
    if not isinstance(given, Iterable) or not (found := [find(layer.cell, str(name)) for name in given]):
        known = ", ".join(quantity.symbol for quantity in layer.quantities)
        msg = f"quantities={names!r} names nothing; {layer.name!r} has {known}"
        raise InputError(msg)
    return list(dict.fromkeys(found))


def window_of(timesteps: Any, count: int) -> tuple[int, int]:
    """Give ``(start, stop)`` with ``0 <= start < stop <= count``.

    Raises
    ------
    InputError
        If it is no such pair.
    """
    pair = timesteps if isinstance(timesteps, list | tuple | np.ndarray) else ()
    whole = all(isinstance(t, int | np.integer) and not isinstance(t, bool) for t in pair)
    if len(pair) != 2 or not whole or not 0 <= pair[0] < pair[1] <= count:  # noqa: PLR2004
        msg = f"timesteps={timesteps!r} is no window; give (start, stop) with 0 <= start < stop <= {count}"
        raise InputError(msg)
    return int(pair[0]), int(pair[1])
