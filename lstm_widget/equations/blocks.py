"""Cut a run into blocks that fit into a processor's cache, a hundred times faster than memory.

Teacher forcing makes it possible: a block needs nothing of the one before it but the states at its end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lstm_widget.capture.record import Array, LayerRun
from lstm_widget.quantities import STATES

_NUMBERS = 2**17
"""Of one quantity in one block: half a MB of float32. Some twenty such arrays are in use at a time."""

Place = tuple[slice, slice]
"""Samples and timesteps."""


def blocks_of(run: LayerRun, solution: Mapping[str, Array]) -> Iterator[tuple[Place, LayerRun]]:
    """Give the parts of a run, each after the one whose end it begins at.

    Parameters
    ----------
    run : LayerRun
    solution : dict of str to (sample, timestep, unit)
        Its states, as far as the block before, are where the next one begins.
    """
    samples, timesteps, units = run.shape
    steps = max(1, min(timesteps, _NUMBERS // units))
    together = max(1, _NUMBERS // (units * steps))
    for first in range(0, samples, together):
        rows = slice(first, min(first + together, samples))
        part = run.take(rows)
        for start in range(0, timesteps, steps):
            place = rows, slice(start, min(start + steps, timesteps))
            before = tuple(solution[name][rows, start - 1] for name in STATES[run.cell.kind]) if start else None
            yield place, part.steps(place[1], part.initial_state if before is None else before)
