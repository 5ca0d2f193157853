"""One comparison: what we computed, what the layer gave, and how far rounding lets them part."""

from __future__ import annotations

from dataclasses import dataclass

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
    """

    what: str
    ours: Array
    theirs: Array
    bound: Array
    relevant: Array | None = None

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
        worst = np.unravel_index(int(share.argmax()), share.shape)
        # Over units first, for the certificate; the place of the largest is then quickly found.
        errors = error.max(axis=-1)
        step = np.unravel_index(int(errors.argmax()), errors.shape)
        largest = (*map(int, step), int(error[step].argmax()))
        return Finding(
            what=self.what,
            ours=float(np.broadcast_to(ours, share.shape)[worst]),
            theirs=float(np.broadcast_to(theirs, share.shape)[worst]),
            bound=float(np.broadcast_to(self.bound, share.shape)[worst]),
            closest=float(share[worst]),
            worst=tuple(map(int, worst)),
            max_abs_error=float(error[largest]),
            tolerance=float(np.broadcast_to(bound, error.shape)[largest]),
            errors=errors,
        )

    def _held_exactly(self, floor: float) -> Finding:
        first = (0,) * self.ours.ndim
        value = float(self.ours[first])
        nothing = np.zeros(self.ours.shape[:-1], np.float32)
        return Finding(
            what=self.what,
            ours=value,
            theirs=value,
            bound=0.0,
            closest=0.0,
            worst=first,
            max_abs_error=0.0,
            tolerance=floor,
            errors=nothing,
        )


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a claim came to. ``closest`` above 1 means that it does not hold.

    Attributes
    ----------
    ours, theirs, bound : float
        At ``worst``, the place that used the largest share of its bound.
    max_abs_error, tolerance : float
        The largest difference, and what is allowed there.
    errors : (...)
        The largest difference over units, of each of the other places.
    """

    what: str
    ours: float
    theirs: float
    bound: float
    closest: float
    worst: tuple[int, ...]
    max_abs_error: float
    tolerance: float
    errors: Array

    @property
    def holds(self) -> bool:
        """True where every number agreed."""
        return self.closest <= 1


def _both_overflow(ours: Array, theirs: Array, as_given: Array) -> Array:
    """At the edge of its range one rounding is infinite and the other just not."""
    dtype = as_given.dtype
    if dtype.kind != "f":
        return np.zeros(ours.shape, bool)
    edge = 0.9 * float(np.finfo(dtype).max)
    with np.errstate(invalid="ignore"):
        both: Array = ((ours > edge) & (theirs > edge)) | ((ours < -edge) & (theirs < -edge))
    return both
