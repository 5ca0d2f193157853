"""The states that a layer ends with, beside the trace's last."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lstm_widget.capture.record import Array
from lstm_widget.quantities import STATES
from lstm_widget.verification.claim import Claim
from lstm_widget.verification.part import Part


def final_states(part: Part, *more: Array) -> Iterator[Claim]:
    """Claim h, to its rounding, and the other states to within these bounds."""
    last = part.run.shape[1] - 1
    end, sound = slice(last, None), part.sound[:, last:]
    # XLA may round a state that it carries on and one that it gives out each in its own way.
    bounds = (2 * part.run.cell.eps * np.abs(part.solution["hidden_state"][:, end]), *more)
    for name, state, bound in zip(STATES[part.run.cell.kind], part.run.final_state, bounds, strict=False):
        what = f"final {name.replace('_', ' ')}"
        yield Claim(what, part.solution[name][:, end], state[:, None], bound, sound, first=last)
