"""What a simple cell's own run must agree with. Every step stands alone: the run's own h_prev is known."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lstm_widget.capture.record import LayerRun
from lstm_widget.equations import Solution, simple_rnn
from lstm_widget.equations.sequence import carried, previous
from lstm_widget.verification.claim import EXACTLY, Claim
from lstm_widget.verification.final import final_states
from lstm_widget.verification.formulas import applied
from lstm_widget.verification.part import Part
from lstm_widget.verification.probe import Probe
from lstm_widget.verification.rounding import activation_bound, preactivation_bounds


def claims(part: Part) -> Iterator[Claim]:
    """Claim ``h = act(x W + h_prev U + b)`` at every step, and the final state."""
    run, cell, sound = part.run, part.run.cell, part.sound
    (h0,) = run.initial_state
    h = part.solution["hidden_state"]
    h_prev = previous(h, h0)
    # First: a wrong h would show at the next step as well.
    yield Claim("hidden_state", h, carried(run.outputs, h0, run.mask), EXACTLY, sound)
    z = simple_rnn.preactivation(run, h_prev)
    activated = applied(cell.activation, z, part.dtype)
    (before,) = preactivation_bounds(cell, run.inputs, h_prev, 1, part.dtype)
    bound = activation_bound(cell.activation, activated, before, cell.eps, lambda: z)
    yield Claim("hidden_state", activated, run.outputs, bound, part.computed)
    yield from final_states(part)


def probes(run: LayerRun, solution: Solution, probe: Probe) -> Iterator[Claim]:
    """Ask the layer's own cell at a few steps, from a shifted h: at h = 0 the recurrent kernel has no effect."""
    h_prev = probe.handed(solution["hidden_state"], run.initial_state[0])
    shift = np.where(np.arange(run.cell.units) % 2, 0.5, -0.5)
    states = ((h_prev + shift).astype(h_prev.dtype),)
    (after,) = probe.step(states)
    shifted = probe.as_run(states, after)
    yield from claims(probe.as_part(shifted, simple_rnn.solve(shifted)))
