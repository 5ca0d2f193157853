"""What an LSTM's own run must agree with."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from lstm_widget.capture.record import Array, LayerRun
from lstm_widget.equations import Solution
from lstm_widget.equations.lstm import preactivations
from lstm_widget.equations.sequence import carried, previous
from lstm_widget.verification.claim import EXACTLY, Claim
from lstm_widget.verification.final import final_states
from lstm_widget.verification.formulas import applied
from lstm_widget.verification.part import FINEST, Part
from lstm_widget.verification.probe import Probe
from lstm_widget.verification.rounding import accumulated, activation_bound, flushed, preactivation_bounds
from lstm_widget.verification.told import by_equations, given_on

_GATES = ("input_gate", "forget_gate", "cell_candidate", "output_gate")


def claims(part: Part) -> Iterator[Claim]:
    """Claim the recurrence of c at every step, h at every step, and both final states."""
    yield from _claims_of_told(part) if part.run.tells_all else _claims_of_computed(part)


def _claims_of_told(part: Part) -> Iterator[Claim]:
    run, solution, sound = part.run, part.solution, part.sound
    (h0, c0), eps = run.initial_state, run.cell.eps
    yield from given_on(part, _GATES)
    yield Claim("cell_state", solution["cell_state"], carried(run.told["cell_state"], c0, run.mask), EXACTLY, sound)
    yield Claim("hidden_state", solution["hidden_state"], carried(run.outputs, h0, run.mask), EXACTLY, sound)

    i, f, g, o, c = (part.wide(solution[name]) for name in (*_GATES, "cell_state"))
    c_prev = part.wide(previous(solution["cell_state"], c0))
    stepped, written = f * c_prev, i * g
    size = np.abs(stepped)
    stepped += written
    size += np.abs(written, out=written)
    bound = 4 * eps * size
    bound += flushed(run.cell, c_prev, i, g)
    yield Claim("cell_state", c, stepped, bound, part.computed)
    activated = applied(run.cell.activation, solution["cell_state"], part.dtype)
    output = o * activated
    bound = 6 * eps * np.abs(output)
    bound += 2 * eps * np.abs(o)
    bound += flushed(run.cell, activated)
    yield Claim("hidden_state", output, run.outputs, bound, part.computed)
    yield from final_states(part, 2 * eps * (np.abs(c[:, -1:]) + size[:, -1:]))


def _claims_of_computed(part: Part) -> Iterator[Claim]:
    run, solution, sound = part.run, part.solution, part.sound
    eps = run.cell.eps
    h0, c0 = run.initial_state
    i, f, g, o = (part.wide(solution[name]) for name in _GATES)
    h, c = solution["hidden_state"], solution["cell_state"]
    c_prev = part.wide(previous(c, c0))
    d_i, d_f, d_g, d_o = _gate_bounds(run, solution, previous(h, h0), part.dtype)

    kept, written = f * c_prev, i * g
    size = np.abs(kept) + np.abs(written)
    stepped = kept + written
    stepped = stepped if run.mask is None else np.where(run.mask[..., None], stepped, c_prev)
    rounded = d_f * np.abs(c_prev) + d_i * np.abs(g) + d_g * np.abs(i) + 2 * eps * size + run.cell.underflow
    own = run.told.get("cell_state")
    if own is None:
        yield Claim("cell_state", c, stepped, 4 * eps * size, sound)
    else:
        yield Claim("cell_state", c, carried(own, c0, run.mask), EXACTLY, sound)
        yield Claim("cell_state", c, stepped, rounded + 2 * eps * size, part.computed)

    if run.cell.gate.name == "sigmoid":
        # The product i g, all that the layer shows of them, is blind to i and g exchanged.
        yield Claim("input_gate", solution["input_gate"], i.clip(0, 1), EXACTLY, sound)

    e_c = np.zeros((), part.dtype)
    if own is None:
        # e = f e_prev + rounding: a forget gate near 1 carries every rounding along.
        e_c = _error_of_c(np.abs(f), rounded, run.mask, part.drift)
        part.drift[:] = e_c[:, -1]
    activated = run.cell.activation(c)
    d_activated = activation_bound(run.cell.activation, activated, e_c, eps, lambda: c)
    e_h = d_o * np.abs(activated) + np.abs(o) * d_activated + 4 * eps * np.abs(o * activated)
    yield Claim("hidden_state", solution["output_gate"] * activated, run.outputs, e_h, part.computed)
    yield Claim("hidden_state", h, carried(run.outputs, h0, run.mask), EXACTLY, sound)
    yield from final_states(part, (e_c + 2 * eps * (np.abs(c) + size))[:, -1:])


def probes(run: LayerRun, solution: Solution, probe: Probe) -> Iterator[Claim]:
    """Hold a few steps of gates that the layer told against the equations, or of computed ones against its cell."""
    if run.tells_all:
        yield from by_equations(probe, solution, _GATES, preactivations, _gate_bounds)
    else:
        yield from _by_cell(run, solution, probe)


def _by_cell(run: LayerRun, solution: Solution, probe: Probe) -> Iterator[Claim]:
    """Ask the cell: c'(c=0) = i g, c'(c=1) - c'(c=0) = f, h' / act(c') = o; else any f would do at an empty cell."""
    eps = run.cell.eps
    i, f, g, o = (probe.at(solution[name]) for name in _GATES)
    h_prev = probe.handed(solution["hidden_state"], run.initial_state[0])
    zero = np.zeros_like(h_prev)
    one = np.ones_like(h_prev)
    (_, from_zero), after = probe.step((h_prev, zero), (h_prev, one))
    h_from_one, from_one = (state.astype(FINEST) for state in after)

    at_points = {name: probe.at(solution[name])[:, None] for name in _GATES}
    bounds = _gate_bounds(probe.as_run((h_prev, one), after), at_points, h_prev[:, None], FINEST)
    d_i, d_f, d_g, d_o = (bound[:, 0] for bound in bounds)
    activated = applied(run.cell.activation, after[1], FINEST)
    written = np.abs(i * g).astype(FINEST)

    d_written = d_i * np.abs(g) + d_g * np.abs(i) + 2 * eps * written
    yield Claim("input_gate x cell_candidate", i * g, from_zero, d_written)
    d_kept = d_f + 2 * d_written + 2 * eps * (np.abs(f) + written)
    kept = from_one - from_zero.astype(FINEST)
    yield Claim("forget_gate", f, kept, d_kept, np.isfinite(from_one) & np.isfinite(from_zero))
    d_output = d_o * np.abs(activated) + np.abs(o) * eps * (6 * np.abs(activated) + 2)
    yield Claim("output_gate", o * activated, h_from_one, d_output)


def _error_of_c(f: Array, rounded: Array, mask: Array | None, start: Array) -> Array:
    if mask is not None:
        computed = mask[..., None]
        f, rounded = np.where(computed, f, 1), np.where(computed, rounded, 0)
    return accumulated(f, rounded, start)


def _argument(run: LayerRun, h_prev: Array, block: int) -> Array:
    return preactivations(run, h_prev)[block]


def _gate_bounds(run: LayerRun, solution: Solution, h_prev: Array, dtype: np.dtype[Any]) -> list[Array]:
    cell = run.cell
    before = preactivation_bounds(cell, run.inputs, h_prev, 4, dtype)
    activations = (cell.gate, cell.gate, cell.activation, cell.gate)
    return [
        activation_bound(activation, solution[name], before[k], cell.eps, partial(_argument, run, h_prev, k))
        for k, (name, activation) in enumerate(zip(_GATES, activations, strict=True))
    ]
