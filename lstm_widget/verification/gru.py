"""What a GRU's own run must agree with. Every step stands alone: the run's own h_prev is known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from lstm_widget.capture.record import Array, LayerRun
from lstm_widget.equations import Solution, gru
from lstm_widget.equations.sequence import blocks, carried, previous, product
from lstm_widget.quantities import BLOCKS
from lstm_widget.verification.claim import EXACTLY, Claim
from lstm_widget.verification.final import final_states
from lstm_widget.verification.formulas import applied
from lstm_widget.verification.part import Part
from lstm_widget.verification.probe import Probe
from lstm_widget.verification.rounding import activation_bound, flushed, length, product_bound
from lstm_widget.verification.told import by_equations, given_on

_GATES = BLOCKS["gru"]


def claims(part: Part) -> Iterator[Claim]:
    """Claim ``h = z h_prev + (1 - z) g`` at every step, and the final state."""
    run, solution, sound = part.run, part.solution, part.sound
    eps = run.cell.eps
    (h0,) = run.initial_state
    h = solution["hidden_state"]
    # First: a wrong h would show at the next step as well.
    yield Claim("hidden_state", h, carried(run.outputs, h0, run.mask), EXACTLY, sound)
    yield from given_on(part, _GATES)
    h_prev = previous(h, h0)
    z, g, before = (part.wide(v) for v in (solution["update_gate"], solution["candidate"], h_prev))
    kept, written = z * before, (1 - z) * g
    rounded = 4 * eps * (np.abs(kept) + np.abs(written))
    if run.tells_all:
        rounded += flushed(run.cell, before, g)
    else:
        d_z, _, d_g = _bounds(run, solution, h_prev, part.dtype)
        rounded += d_z * np.abs(before - g) + np.abs(1 - z) * d_g
        yield from _reset_gate(part, h_prev, d_g)
    yield Claim("hidden_state", kept + written, run.outputs, rounded, part.computed)
    yield from final_states(part)


def _reset_gate(part: Part, h_prev: Array, d_g: Array) -> Iterator[Claim]:
    """Claim a computed r by the candidate that it makes: the layer gave nothing else of it."""
    run, r, g = part.run, part.solution["reset_gate"], part.solution["candidate"]
    # NaN first: it spreads to others.
    yield Claim("reset_gate", np.isnan(r) & ~np.isnan(g), np.zeros_like(g), EXACTLY, part.computed)
    by_reset = applied(run.cell.activation, _candidate_argument(run, h_prev, r), part.dtype)
    yield Claim("candidate made by reset_gate", by_reset, g, 2 * d_g, part.computed)


def probes(run: LayerRun, solution: Solution, probe: Probe) -> Iterator[Claim]:
    """Hold a few steps of gates that the layer told against the equations, or the equations against its cell."""
    if run.tells_all:
        yield from by_equations(probe, solution, _GATES, gru.preactivations, _bounds)
    else:
        yield from _by_cell(run, solution, probe)


def _by_cell(run: LayerRun, solution: Solution, probe: Probe) -> Iterator[Claim]:
    """Ask the cell from a shifted h: at h = 0 r has no effect."""
    h_prev = probe.handed(solution["hidden_state"], run.initial_state[0])
    shift = np.where(np.arange(run.cell.units) % 2, 0.5, -0.5)
    states = ((h_prev + shift).astype(h_prev.dtype),)
    (after,) = probe.step(states)
    shifted = probe.as_run(states, after)
    yield from claims(probe.as_part(shifted, gru.solve(shifted)))


def _candidate_argument(run: LayerRun, h_prev: Array, r: Array) -> Array:
    kernel, bias = (blocks(weights, 3)[2] for weights in (run.cell.kernel, gru.biases(run.cell)[0]))
    return product(run.cell, run.inputs, kernel) + bias + gru.reset(run.cell, h_prev, r)


def _bounds(run: LayerRun, solution: Solution, h_prev: Array, dtype: np.dtype[Any]) -> tuple[Array, Array, Array]:
    """Bound the update gate, the reset gate and the candidate."""
    cell = run.cell
    ones = np.ones((*run.inputs.shape[:-1], 1), dtype)
    input_squares, h_squares = cell.column_squares
    reach = length(h_prev, ones)
    by_input = product_bound(cell, length(run.inputs, ones), run.inputs.shape[-1] + 1, input_squares)
    by_h = product_bound(cell, reach, cell.units + 1, h_squares)
    (x_z, x_r, x_g), (h_z, h_r, h_g) = blocks(by_input, 3), blocks(by_h, 3)
    z, r, g = (solution[name] for name in ("update_gate", "reset_gate", "candidate"))

    d_z = activation_bound(cell.gate, z, x_z + h_z, cell.eps, lambda: gru.preactivations(run, h_prev)[0])
    d_r = activation_bound(cell.gate, r, x_r + h_r, cell.eps, lambda: gru.preactivations(run, h_prev)[1])
    # How far a wrong r moves what it multiplies: once, before or after the product with U.
    w_g = np.sqrt(blocks(h_squares, 3)[2]).astype(dtype)
    if cell.reset_after:
        by_reset = d_r * (reach * w_g) + np.abs(r) * h_g
    else:
        by_reset = length(d_r * h_prev.astype(dtype)) * w_g + h_g * np.maximum(1, np.abs(r).max(axis=-1, keepdims=True))
    d_g = activation_bound(cell.activation, g, x_g + by_reset, cell.eps, lambda: gru.preactivations(run, h_prev)[2])
    return d_z, d_r, d_g
