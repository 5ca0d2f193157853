"""Turn a run and its solution into a certificate, or refuse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from lstm_widget.capture.record import Array, LayerRun
from lstm_widget.equations import Solution
from lstm_widget.errors import VerificationError
from lstm_widget.quantities import CellKind
from lstm_widget.verification import gru, lstm, simple_rnn
from lstm_widget.verification.certificate import Certificate
from lstm_widget.verification.claim import Claim, Finding
from lstm_widget.verification.probe import Probe
from lstm_widget.verification.rounding import sound

_CHUNK = 1_000_000
"""Numbers of one quantity that are compared at once: the float64 bounds of a chunk stay below 200 MB."""


class _Rules(NamedTuple):
    claims: Callable[[LayerRun, Solution, Array], Iterator[Claim]]
    probes: Callable[[LayerRun, Solution, Probe], Iterator[Claim]]


_RULES: dict[CellKind, _Rules] = {
    "lstm": _Rules(lstm.claims, lstm.probes),
    "gru": _Rules(gru.claims, gru.probes),
    "simple_rnn": _Rules(simple_rnn.claims, simple_rnn.probes),
}


def verify(run: LayerRun, solution: Solution) -> Certificate:
    """Compare a solution with everything that the layer itself gave back.

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
    samples, timesteps, units = run.shape
    floor = 4 * run.cell.underflow
    before_overflow = sound(run, solution["hidden_state"])
    together = max(1, _CHUNK // (timesteps * units))
    for start in range(0, samples, together):
        chunk = np.arange(start, min(start + together, samples))
        part = {name: values[chunk] for name, values in solution.items()}
        for claim in rules.claims(run.take(chunk), part, before_overflow[chunk]):
            finding = claim.check(floor)
            sample, step, unit = finding.worst
            # A final state is claimed as one timestep: the last.
            last = claim.theirs.shape[1] < timesteps
            findings.append(_held(finding, run, (start + sample, timesteps - 1 if last else step, unit)))
    probe = Probe(run, before_overflow[..., 0])
    if len(probe):
        for claim in rules.probes(run, solution, probe):
            finding = claim.check(floor)
            point, unit = finding.worst[0], finding.worst[-1]
            findings.append(_held(finding, run, (int(probe.samples[point]), int(probe.timesteps[point]), unit)))
    worst = max(findings, key=lambda finding: finding.max_abs_error)
    return Certificate(
        max_abs_error=worst.max_abs_error,
        tolerance=worst.tolerance,
        closest=max(finding.closest for finding in findings),
        compared=f"{_compared(run)}, {len(probe)} single steps of its cell",
        run=run.how,
        nonfinite=int((~np.isfinite(solution["hidden_state"])).sum()),
        overflowed=int((~before_overflow).sum()),
    )


def _compared(run: LayerRun) -> str:
    samples, timesteps, units = run.shape
    steps = samples * timesteps if run.mask is None else int(run.mask.sum())
    return f"{steps:,} timesteps x {units} units of the layer's own h, {samples} final states"


def _held(finding: Finding, run: LayerRun, place: tuple[int, int, int]) -> Finding:
    if finding.holds:
        return finding
    claim, at = finding.claim, finding.worst
    sample, step, unit = place
    timestep = run.shape[1] - 1 - step if run.backward else step
    ours, theirs, bound = (np.broadcast_to(v, claim.theirs.shape)[at] for v in (claim.ours, claim.theirs, claim.bound))
    msg = (
        f"layer {run.name!r}: {claim.what} is {ours:.9g} by our equations and {theirs:.9g} by the layer itself at "
        f"sample {sample}, timestep {timestep}, unit {unit}; rounding explains {bound:.1e}. No gates are returned. "
        "If the layer is a plain Keras layer, this is a bug of lstm_widget: please report it with the layer's config"
    )
    raise VerificationError(msg, layer=run.name, sample=sample, timestep=timestep, unit=unit)
