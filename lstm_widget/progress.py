"""A progress bar for those who would wait."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import TypeVar

_PATIENCE = 2.0
"""Seconds."""

Item = TypeVar("Item")


def shown(batches: Sequence[Item]) -> Iterator[Item]:
    """Give the batches one by one; once the first tells that the others take more than a moment, under a bar.

    The bar goes away when they are done, or when they fail.
    """
    start = time.monotonic()
    rest = iter(batches)
    for first in rest:
        yield first
        break
    if (time.monotonic() - start) * (len(batches) - 1) < _PATIENCE:
        yield from rest
        return
    from tqdm.auto import tqdm  # noqa: PLC0415  (not for those who need none)

    with tqdm(rest, desc="extracting", total=len(batches), initial=1, unit="batch", leave=False) as bar:
        yield from bar
