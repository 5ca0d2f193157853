"""One comparison: what we computed, what the layer gave, and how far rounding lets them part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from lstm_widget.capture.record import Array
from lstm_widget.verification.rounding import SAFETY


@dataclass(frozen=True)
class Claim:
    """``ours`` equals ``theirs`` to within ``bound``, element by element; all broadcast to one shape.

    Attributes
    ----------
    what : str
        Named in the error, such as ``"hidden_state"``.
    relevant : array of bool, or None
        Where it is claimed.
    """

    what: str
    ours: Array
    theirs: Array
    bound: Array
    relevant: Array | None = None

    def check(self, floor: float) -> Finding:
        """Compare, without ever letting a NaN slip through a comparison; every bound is ``floor`` at least."""
        ours, theirs = self.ours.astype(np.float64), self.theirs.astype(np.float64)
        with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
            error = np.abs(ours - theirs)
            bound = floor + SAFETY * np.nan_to_num(self.bound, nan=0.0, posinf=0.0)
            share = error / bound
        odd = ~(np.isfinite(ours) & np.isfinite(theirs))
        alike = (np.isnan(ours) & np.isnan(theirs)) | (ours == theirs) | _both_overflow(ours, theirs, self.theirs.dtype)
        share = np.where(odd, np.where(alike, 0.0, np.inf), share)
        error = np.where(odd, np.where(alike, 0.0, np.inf), error)
        if self.relevant is not None:
            share, error = (np.where(self.relevant, values, 0) for values in (share, error))
        worst = np.unravel_index(int(share.argmax()), share.shape)
        largest = np.unravel_index(int(error.argmax()), error.shape)
        return Finding(
            claim=self,
            closest=float(share[worst]),
            worst=tuple(map(int, worst)),
            max_abs_error=float(error[largest]),
            tolerance=float(np.broadcast_to(bound, error.shape)[largest]),
        )


@dataclass(frozen=True)
class Finding:
    """What a claim came to. ``closest`` above 1 means that it does not hold."""

    claim: Claim
    closest: float
    worst: tuple[int, ...]
    max_abs_error: float
    tolerance: float

    @property
    def holds(self) -> bool:
        """True where every number agreed."""
        return self.closest <= 1


def _both_overflow(ours: Array, theirs: Array, dtype: np.dtype[Any]) -> Array:
    """At the edge of its range one rounding is infinite and the other just not."""
    if dtype.kind != "f":
        return np.zeros(ours.shape, bool)
    edge = 0.9 * float(np.finfo(dtype).max)
    with np.errstate(invalid="ignore"):
        both: Array = ((ours > edge) & (theirs > edge)) | ((ours < -edge) & (theirs < -edge))
    return both
