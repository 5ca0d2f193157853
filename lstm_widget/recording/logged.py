"""What Keras logs, as numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

_MOST = 16
"""Of the numbers of one metric: one a class, and there may be thousands."""


def numbers_in(logs: Mapping[str, Any]) -> dict[str, float]:
    """Give the loss and the metrics; one of several numbers as ``name[0]``, ``name[1]``, what is none left out."""
    found: dict[str, float] = {}
    for name, value in logs.items():
        if value is None or isinstance(value, str | bytes):
            continue
        try:
            numbers = np.asarray(value, dtype=float).ravel()[:_MOST].tolist()
        except (TypeError, ValueError):  # a callback may put anything there
            continue
        found |= {name: numbers[0]} if len(numbers) == 1 else {f"{name}[{k}]": n for k, n in enumerate(numbers)}
    return found
