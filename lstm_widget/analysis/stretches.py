"""Timesteps in stretches, for traces that are larger than what one would like to hold a second time."""

from __future__ import annotations

from collections.abc import Iterator

from lstm_widget.layer_trace import LayerTrace

_NUMBERS = 1 << 18
"""Of one quantity in a stretch: few enough for a processor's cache, enough to make Python's part small."""


def stretches(layer: LayerTrace, start: int = 0, stop: int | None = None) -> Iterator[slice]:
    """Cut the timesteps from ``start`` up to ``stop`` into stretches, such that all units of one are some MB.

    Examples
    --------
    >>> import lstm_widget as lw
    >>> layer = lw.example().only
    >>> list(stretches(layer)) == [slice(0, layer.timesteps)]
    True
    """
    stop = layer.timesteps if stop is None else stop
    step = max(1, _NUMBERS // layer.units)
    for first in range(start, stop, step):
        yield slice(first, min(first + step, stop))
