"""What a TimeDistributed calls once a timestep, put together."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from lstm_widget.capture.record import Array, LayerRun


def folded(runs: list[LayerRun], steps: int) -> list[LayerRun]:
    """Make one run of the runs at all timesteps of a TimeDistributed; sample = row * steps + timestep."""
    calls = len(runs) // steps
    return [_fold(runs[call::calls], steps) for call in range(calls)]


def _fold(runs: list[LayerRun], steps: int) -> LayerRun:
    def together(*arrays: Array) -> Array:
        # Samples of a call are rows, times what an inner TimeDistributed folded; this one's timestep comes between.
        inner = math.prod(runs[0].outer)
        stacked = np.stack([array.reshape(-1, inner, *array.shape[1:]) for array in arrays], axis=1)
        return stacked.reshape(-1, *arrays[0].shape[1:])

    masks = [run.mask for run in runs if run.mask is not None]
    return replace(
        runs[0],
        inputs=together(*(run.inputs for run in runs)),
        initial_state=tuple(map(together, *(run.initial_state for run in runs))),
        mask=together(*masks) if masks else None,
        outputs=together(*(run.outputs for run in runs)),
        told={name: together(*(run.told[name] for run in runs)) for name in runs[0].told},
        final_state=tuple(map(together, *(run.final_state for run in runs))),
        outer=(steps, *runs[0].outer),
    )
