"""What must hold of gates that the layer itself told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from lstm_widget.capture.record import Array, LayerRun
from lstm_widget.equations import Solution
from lstm_widget.verification.claim import EXACTLY, Claim
from lstm_widget.verification.formulas import applied
from lstm_widget.verification.part import FINEST, Part
from lstm_widget.verification.probe import Probe

Arguments = Callable[[LayerRun, Array], Sequence[Array]]
"""From a run and its h_prev to what goes into each gate."""
Bounds = Callable[[LayerRun, Solution, Array, np.dtype[Any]], Sequence[Array]]
"""From a run, its gates, its h_prev and the dtype to compute in, to how far each gate may be off."""


def given_on(part: Part, gates: Sequence[str]) -> Iterator[Claim]:
    """Claim that they are given on to the last bit."""
    for name in gates:
        if name in part.run.told:
            yield Claim(name, part.solution[name], part.run.told[name], EXACTLY, part.computed)


def by_equations(
    probe: Probe, solution: Solution, gates: Sequence[str], arguments: Arguments, bounds: Bounds
) -> Iterator[Claim]:
    """Claim at a few steps that each is what the equations give for the weights, the input and the h_prev of the trace.

    The laws at every step would not notice two gates told for each other where only their product counts, nor a wrong
    one whose factor is zero.
    """
    run = probe.run
    h_prev = probe.handed(solution["hidden_state"], run.initial_state[0])[:, None]
    here = probe.as_run((h_prev[:, 0],), (probe.at(run.outputs),))
    told = {name: probe.at(solution[name])[:, None] for name in gates}
    for name, z, bound in zip(gates, arguments(here, h_prev), bounds(here, told, h_prev, FINEST), strict=True):
        activation = run.cell.activation if "candidate" in name else run.cell.gate
        yield Claim(name, told[name], applied(activation, z, FINEST), bound)
