"""From a run to numbers that are proved."""

from __future__ import annotations

import numpy as np

from lstm_widget.capture.record import LayerRun
from lstm_widget.equations import Solution, solve
from lstm_widget.quantities import QUANTITIES
from lstm_widget.verification.certificate import Certificate
from lstm_widget.verification.verify import verify


def prove(run: LayerRun, into: Solution | None = None) -> tuple[Solution, Certificate]:
    """Solve a run and verify it.

    Parameters
    ----------
    run : LayerRun
    into : dict of str to (sample, timestep, unit), optional
        Where to write the solution.

    Raises
    ------
    VerificationError
        If the numbers cannot be proved.
    """
    if into is None:
        into = {q.name: np.empty(run.shape, run.outputs.dtype) for q in QUANTITIES[run.cell.kind]}
    solution = solve(run, into)
    return solution, verify(run, solution)
