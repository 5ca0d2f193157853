"""Turn a run and its solution into a certificate, or refuse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from lstm_widget.capture.record import LayerRun
from lstm_widget.equations import Solution
from lstm_widget.equations.blocks import blocks_of
from lstm_widget.errors import VerificationError
from lstm_widget.quantities import CellKind
from lstm_widget.verification import gru, lstm, simple_rnn
from lstm_widget.verification.certificate import Certificate
from lstm_widget.verification.claim import Claim, Finding
from lstm_widget.verification.part import FINEST, Part
from lstm_widget.verification.probe import Probe
from lstm_widget.verification.rounding import sound


class _Rules(NamedTuple):
    claims: Callable[[Part], Iterator[Claim]]
    probes: Callable[[LayerRun, Solution, Probe], Iterator[Claim]]


_RULES: dict[CellKind, _Rules] = {
    "lstm": _Rules(lstm.claims, lstm.probes),
    "gru": _Rules(gru.claims, gru.probes),
    "simple_rnn": _Rules(simple_rnn.claims, simple_rnn.probes),
}


def verify(run: LayerRun, solution: Solution) -> Certificate:
    """Compare a solution with everything that the layer itself gave back.

    Parameters
    ----------
    run : LayerRun
    solution : dict of str to (sample, timestep, unit)

    Raises
    ------
    VerificationError
        If they differ by more than rounding explains; names layer, sample, timestep and unit.
    """
    # NaN and infinity are compared as what they are.
    with np.errstate(invalid="ignore", over="ignore"):
        return _verify(run, solution)


def _verify(run: LayerRun, solution: Solution) -> Certificate:
    rules = _RULES[run.cell.kind]
    findings: list[Finding] = []
    floor = 4 * run.cell.underflow
    dtype = np.result_type(run.outputs, np.float32)
    before_overflow = sound(run, solution["hidden_state"])
    errors = np.zeros(run.shape[:2], np.float32)
    drift = np.zeros((run.shape[0], run.shape[2]))
    for (rows, steps), block in blocks_of(run, solution):
        values = {name: array[rows, steps] for name, array in solution.items()}
        part = Part(block, values, before_overflow[rows, steps], dtype, drift[rows])
        for finding in _checked(rules.claims, part, floor):
            sample, step, unit = finding.worst
            findings.append(_held(finding, run, (rows.start + sample, steps.start + step, unit)))
            if finding.errors is not None:
                np.maximum(errors[rows, steps], finding.errors, out=errors[rows, steps])
    probe = Probe(run, before_overflow[..., 0])
    if len(probe):
        for claim in rules.probes(run, solution, probe):
            finding = claim.check(floor)
            point, unit = finding.worst[0], finding.worst[-1]
            findings.append(_held(finding, run, (int(probe.samples[point]), int(probe.timesteps[point]), unit)))
    worst = max(findings, key=lambda found: found.max_abs_error)
    finite = np.isfinite(solution["hidden_state"])
    nonfinite = finite.size - int(finite.sum())
    finite &= before_overflow if run.mask is None else before_overflow & run.mask[..., None]
    return Certificate(
        max_abs_error=worst.max_abs_error,
        tolerance=worst.tolerance,
        closest=max(found.closest for found in findings),
        compared=_compared(run, len(probe)),
        run=f"{run.how}; {_origin(run)}",
        nonfinite=nonfinite,
        overflowed=int((~before_overflow).sum()),
        finite=int(finite.sum()),
        errors=errors[:, ::-1] if run.backward else errors,
    )


def _checked(claims: Callable[[Part], Iterator[Claim]], part: Part, floor: float) -> list[Finding]:
    """Check in the layer's own precision, which is fast; where that finds fault, float64 decides."""
    start = part.drift.copy()
    findings = [claim.check(floor) for claim in claims(part)]
    if not all(finding.holds for finding in findings):
        part.drift[:] = start
        findings = [claim.check(floor) for claim in claims(replace(part, dtype=FINEST))]
    return findings


def _compared(run: LayerRun, probed: int) -> str:
    samples, timesteps, units = run.shape
    steps = samples * timesteps if run.mask is None else int(run.mask.sum())
    by = f"the equations at {probed} timesteps" if run.told and run.tells_all else f"its cell at {probed} single steps"
    return f"{steps:,} timesteps x {units} units of the layer's own h, {samples} final states, {by}"


def _origin(run: LayerRun) -> str:
    if run.tells_all:
        return "all of it told by the layer's own cell"
    return "gates computed from its h" if run.told else "all else computed from its h"


def _held(finding: Finding, run: LayerRun, place: tuple[int, int, int]) -> Finding:
    if finding.holds:
        return finding
    sample, step, unit = place
    timestep = run.shape[1] - 1 - step if run.backward else step
    msg = (
        f"layer {run.name!r}: {finding.what} is {finding.ours:.9g} by our equations and {finding.theirs:.9g} by the "
        f"layer itself at sample {sample}, timestep {timestep}, unit {unit}; rounding explains {finding.bound:.1e}. "
        "No gates are returned. If the layer is a plain Keras layer, this is a bug of lstm_widget: please report it "
        "with the layer's config"
    )
    raise VerificationError(msg, layer=run.name, sample=sample, timestep=timestep, unit=unit)
