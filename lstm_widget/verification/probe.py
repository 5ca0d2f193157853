"""The layer's own cell at a few steps of the run, from states of our choice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lstm_widget.capture.record import Array, LayerRun
from lstm_widget.equations import Solution
from lstm_widget.verification.part import FINEST, Part

_POINTS = 64
"""Enough to meet every unit many times over; bounded, so that its cost does not grow with the run."""


class Probe:
    """A bounded, fixed choice of computed (unmasked) steps, spread evenly over the run."""

    def __init__(self, run: LayerRun, sound: Array) -> None:
        self.run = run
        samples, timesteps, _ = run.shape
        positions = np.flatnonzero(sound if run.mask is None else sound & run.mask)
        chosen = (
            positions[np.unique(np.linspace(0, len(positions) - 1, _POINTS).astype(int))]
            if len(positions)
            else positions
        )
        self.samples, self.timesteps = np.unravel_index(chosen, (samples, timesteps))

    def __len__(self) -> int:
        return len(self.samples)

    def at(self, values: Array) -> Array:
        """Pick the chosen steps of a (sample, timestep, ...) array: (step, ...)."""
        picked: Array = values[self.samples, self.timesteps]
        return picked

    def handed(self, states: Array, initial: Array) -> Array:
        """Pick the states that the chosen steps were handed: (step, unit)."""
        before: Array = states[self.samples, self.timesteps - 1]
        first = self.timesteps == 0
        before[first] = initial[self.samples[first]]
        return before

    def step(self, *choices: tuple[Array, ...]) -> list[tuple[Array, ...]]:
        """Let the layer's own cell take each chosen step once from each choice of (step, unit) states."""
        # All in one call, whose cost hardly grows with its rows.
        inputs = np.concatenate([self.at(self.run.inputs)] * len(choices))
        after = self.run.cell.step(inputs, tuple(map(np.concatenate, zip(*choices, strict=True))))
        return list(zip(*(np.split(state, len(choices)) for state in after), strict=True))

    def as_run(self, states: tuple[Array, ...], after: tuple[Array, ...]) -> LayerRun:
        """Make of those steps a run of one timestep."""
        return replace(
            self.run,
            inputs=self.at(self.run.inputs)[:, None],
            initial_state=states,
            mask=None,
            outputs=after[0][:, None],
            told={"cell_state": after[1][:, None]} if len(after) > 1 else {},
            final_state=after,
        )

    def as_part(self, run: LayerRun, solution: Solution) -> Part:
        """Set those steps beside their solution, as finely as can be: they are few."""
        everywhere = np.ones((len(self), 1, 1), bool)
        nothing = np.zeros((len(self), run.cell.units))
        return Part(run, solution, everywhere, FINEST, nothing)
