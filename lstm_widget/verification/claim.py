"""One comparison: what we computed, what the layer gave, and how far rounding lets them part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lstm_widget.capture.record import Array
from lstm_widget.verification.rounding import SAFETY

EXACTLY = np.zeros((), np.float32)
"""The bound of what must agree to the last bit."""


@dataclass(frozen=True)
class Claim:
    """``ours`` equals ``theirs`` to within ``bound``, element by element; all broadcast to one shape.

    Attributes
    ----------
    what : str
        Named in the error, such as ``"hidden_state"``.
    relevant : array of bool, or None
        Where it is claimed.
    first : int
        Of claims over time, the timestep of the part with which they begin.
    """

    what: str
    ours: Array
    theirs: Array
    bound: Array
    relevant: Array | None = None
    first: int = 0

    def check(self, floor: float) -> Finding:
        """Compare, without ever letting a NaN slip through a comparison; every bound is ``floor`` at least."""
        if self.bound is EXACTLY and np.array_equal(self.ours, self.theirs):
            return self._held_exactly(floor)
        dtype = np.result_type(self.ours, self.theirs, self.bound, np.float32)
        ours, theirs = (values.astype(dtype, copy=False) for values in (self.ours, self.theirs))
        # Written over where that can be: most of the time goes into pages of new memory.
        with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
            error = np.subtract(ours, theirs)
            np.abs(error, out=error)
            bound = np.asarray(SAFETY * self.bound.astype(dtype, copy=False))
            bound += floor
            # A sum is one pass, and finite only if all are.
            if not np.isfinite(bound.sum()):
                bound = np.where(np.isfinite(bound), bound, floor)
            share = error / bound
            total = error.sum()
        if not np.isfinite(total):
            odd = ~(np.isfinite(ours) & np.isfinite(theirs))
            alike = (np.isnan(ours) & np.isnan(theirs)) | (ours == theirs) | _both_overflow(ours, theirs, self.theirs)
            share, error = (np.where(odd, np.where(alike, 0, np.inf), values) for values in (share, error))
        if self.relevant is not None and not self.relevant.all():
            share, error = (np.where(self.relevant, values, 0) for values in (share, error))
        worst, largest = (np.unravel_index(int(values.argmax()), share.shape) for values in (share, error))
        return Finding(
            what=self.what,
            ours=_at(ours, worst, share),
            theirs=_at(theirs, worst, share),
            bound=_at(self.bound, worst, share),
            closest=float(share[worst]),
            worst=self._place(worst),
            max_abs_error=float(error[largest]),
            tolerance=_at(bound, largest, share),
            errors=error.max(axis=-1) if self.what == "hidden_state" else None,
        )

    def _held_exactly(self, floor: float) -> Finding:
        first = (0,) * self.ours.ndim
        value = float(self.ours[first])
        return Finding(
            what=self.what,
            ours=value,
            theirs=value,
            bound=0.0,
            closest=0.0,
            worst=self._place(first),
            max_abs_error=0.0,
            tolerance=floor,
            errors=None,
        )

    def _place(self, place: Sequence[Any]) -> tuple[int, ...]:
        sample, *rest, unit = map(int, place)
        return sample, *(self.first + step for step in rest), unit


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a claim came to. ``closest`` above 1 means that it does not hold.

    Attributes
    ----------
    ours, theirs, bound : float
        At ``worst``, the place that used the largest share of its bound.
    max_abs_error, tolerance : float
        The largest difference, and what is allowed there.
    errors : (...), or None
        Of h, where it is not the same to the last bit: the largest difference over units, of each of the other places.
    """

    what: str
    ours: float
    theirs: float
    bound: float
    closest: float
    worst: tuple[int, ...]
    max_abs_error: float
    tolerance: float
    errors: Array | None

    @property
    def holds(self) -> bool:
        """True where every number agreed."""
        return self.closest <= 1


def _at(values: Array, place: Sequence[Any], whole: Array) -> float:
    return float((values if values.shape == whole.shape else np.broadcast_to(values, whole.shape))[*place])


def _both_overflow(ours: Array, theirs: Array, as_given: Array) -> Array:
    """At the edge of its range one rounding is infinite and the other just not."""
    dtype = as_given.dtype
    if dtype.kind != "f":
        return np.zeros(ours.shape, bool)
    edge = 0.9 * float(np.finfo(dtype).max)
    with np.errstate(invalid="ignore"):
        both: Array = ((ours > edge) & (theirs > edge)) | ((ours < -edge) & (theirs < -edge))
    return both
