"""What was compared, and how well it agreed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lstm_widget.capture.record import Array


@dataclass(frozen=True)
class Certificate:
    """Proof that the equations and the layer's own run agree.

    Attributes
    ----------
    max_abs_error : float
        Largest distance to anything that the layer itself gave back.
    tolerance : float
        What rounding explains at that place.
    closest : float
        Largest share of its own tolerance that any number used; below 1, else there is no certificate.
    compared : str
        In words, what was compared.
    run : str
        How the layer ran: framework, compilation, device, dtype.
    nonfinite : int
        How many numbers of h are NaN or infinite, in the layer's run and here alike.
    overflowed : int
        How many timesteps come after one whose sums may overflow, and were not compared.
    loaded : bool
        Read from a file: certified when it was saved.
    finite : int or None
        How many numbers of h are finite, here and in the layer's run, and were compared: where it is 0, nothing was
        found to be off because there was nothing to compare. None for a trace saved before this was counted.
    errors : (sample, timestep) of float32, or None
        Largest difference between the layer's h and ours over units, in input order; 0 where nothing was compared.
        None for a trace saved before there was this record.
    """

    max_abs_error: float
    tolerance: float
    closest: float
    compared: str
    run: str
    nonfinite: int = 0
    overflowed: int = 0
    loaded: bool = False
    finite: int | None = None
    errors: Array | None = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        when = " when saved" if self.loaded else ""
        odd = f", {self.odd}" if self.odd else ""
        found = f"proved{when}: off by {self.max_abs_error:.1e} at most" if self.says_anything else "nothing to compare"
        return f"{found} ({self.compared}{odd}; {self.run})"

    @property
    def odd(self) -> str:
        """What was not compared as numbers, in words; empty where all was."""
        strange = f"{self.nonfinite:,} numbers NaN or infinite" if self.nonfinite else ""
        after = f"{self.overflowed:,} timesteps after an overflow not compared" if self.overflowed else ""
        return ", ".join(filter(None, (strange, after)))

    @property
    def says_anything(self) -> bool:
        """Whether there was any number of h to compare: there is none where all are NaN, or all timesteps masked."""
        return self.finite != 0


def joined(certificates: Sequence[Certificate], errors: Array | None = None) -> Certificate:
    """Make one certificate of those of several batches, whose errors were put together already."""
    worst = max(certificates, key=lambda certificate: certificate.max_abs_error)
    counts = [certificate.finite for certificate in certificates]
    return Certificate(
        max_abs_error=worst.max_abs_error,
        tolerance=worst.tolerance,
        closest=max(certificate.closest for certificate in certificates),
        compared=worst.compared if len(certificates) == 1 else f"{worst.compared}, {len(certificates)} times over",
        run=worst.run,
        nonfinite=sum(certificate.nonfinite for certificate in certificates),
        overflowed=sum(certificate.overflowed for certificate in certificates),
        finite=None if None in counts else sum(count or 0 for count in counts),
        errors=errors,
    )
