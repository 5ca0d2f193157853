"""What timesteps and samples are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from lstm_widget.errors import InputError

Labels = Callable[[int, int, int], list[str]]
"""``labels(sample, start, stop)``: one string a timestep."""


def timestep_labels(given: Any, samples: int, timesteps: int) -> Labels | None:
    """Read what the user gave.

    Parameters
    ----------
    given : sequence of labels, sequence of one such sequence a sample, DatetimeIndex, callable, or None
        A callable takes the sample's number and gives its labels.

    Raises
    ------
    InputError
        If there are not as many labels as timesteps.
    """
    if given is None:
        return None
    if callable(given):
        return lambda sample, start, stop: _texts(_long_enough(given(sample), timesteps, sample)[start:stop])
    items = _sequence(given)
    if len(items) and not isinstance(items[0], str | bytes) and isinstance(items[0], Sequence | np.ndarray):
        if len(items) != samples:
            msg = f"timestep_labels holds {len(items)} lists, but there are {samples} samples; give one list a sample"
            raise InputError(msg)
        return lambda sample, start, stop: _texts(_long_enough(items[sample], timesteps, sample)[start:stop])
    _long_enough(items, timesteps, None)
    return lambda _, start, stop: _texts(items[start:stop])


def vocabulary(words: Mapping[int, str] | Sequence[str] | None) -> dict[int, str] | None:
    """Read names of integer inputs, by number.

    Raises
    ------
    InputError
        If it is neither a mapping nor a list.
    """
    if words is None:
        return None
    if isinstance(words, Mapping):
        return {int(number): str(word) for number, word in words.items()}
    return dict(enumerate(_texts(_sequence(words))))


def sample_labels(given: Any, samples: int, rows: int) -> list[str] | None:
    """Read one label a sample, or one a row of the input: of rows that a stateful layer joins, the first names them.

    Raises
    ------
    InputError
        If there are not as many labels.
    """
    if given is None:
        return None
    items = _sequence(given)
    if len(items) not in (samples, rows) or len(items) < samples:
        msg = f"sample_labels holds {len(items)} labels, but there are {samples} samples; give one a sample"
        raise InputError(msg)
    return _texts(items)[:samples]


def _sequence(given: Any) -> Any:
    if isinstance(given, str | bytes) or not hasattr(given, "__len__") or not hasattr(given, "__getitem__"):
        msg = f"found labels of type {type(given).__name__}; give a list of strings"
        raise InputError(msg)
    # A pandas Series would be indexed by its own index.
    return given.to_numpy() if hasattr(given, "iloc") else given


def _long_enough(items: Any, timesteps: int, sample: int | None) -> Any:
    if len(items) < timesteps:
        which = "" if sample is None else f" for sample {sample}"
        msg = f"timestep_labels holds {len(items)} labels{which}, but there are {timesteps} timesteps; give one each"
        raise InputError(msg)
    return items


def _texts(items: Any) -> list[str]:
    return [_text(item) for item in items]


def _text(item: Any) -> str:
    text = str(item)
    # 2024-01-01 00:00:00 says no more than 2024-01-01.
    return text.removesuffix(" 00:00:00").removesuffix("T00:00:00.000000000")
