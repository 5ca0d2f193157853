"""Predictions and targets, in a few characters."""

from __future__ import annotations

from typing import Any

import numpy as np

from lstm_widget.analysis.targets import are_probabilities, class_numbers
from lstm_widget.capture.record import Array

_FEW = 4


def prediction_text(output: Array | None) -> str | None:
    """Say what the model answered: the likeliest class of probabilities, or up to four numbers.

    Examples
    --------
    >>> import numpy as np
    >>> prediction_text(np.array([0.1, 0.9]))
    'class 1, 0.90'
    >>> prediction_text(np.array([0.25]))
    '0.25'
    """
    if output is None or output.ndim > 1 or output.dtype.kind not in "fiu":
        return None
    values = np.atleast_1d(output)
    if are_probabilities(values):
        return f"class {int(values.argmax())}, {values.max():.2f}"
    return ", ".join(f"{value:.3g}" for value in values) if len(values) <= _FEW else None


def target_text(target: Any, output: Array | None) -> str | None:
    """Say what was expected, in the same words."""
    values = np.asarray(target)
    if output is not None and are_probabilities(np.atleast_1d(output)):
        chosen = class_numbers(np.atleast_1d(output)[None], values[None])
        if chosen is not None and chosen.ndim == 1:
            return f"class {int(chosen[0])}"
    if values.ndim == 0 and values.dtype.kind in "US":
        return str(values)
    return prediction_text(values.astype(float)) if values.dtype.kind in "fiub" else None
