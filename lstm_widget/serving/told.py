"""What the user told of the data: targets, and what samples, timesteps, inputs and features are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lstm_widget.capture.record import Array
from lstm_widget.errors import InputError
from lstm_widget.serving import labels
from lstm_widget.serving.source import Source


@dataclass(frozen=True)
class Told:
    """Targets and names, checked.

    Attributes
    ----------
    targets : (sample,) or (sample, ...), or None
    timesteps : callable or None
        Names timesteps, as `labels.timestep_labels` gives it.
    vocabulary : dict of int to str, or None
    samples : list of str, or None
    features : list of str, or None
    """

    targets: Array | None = None
    timesteps: labels.Labels | None = None
    vocabulary: dict[int, str] | None = None
    samples: list[str] | None = None
    features: list[str] | None = None

    def target(self, sample: int) -> Any:
        """Give what was expected of a sample; None where nothing is known."""
        return None if self.targets is None or sample >= len(self.targets) else self.targets[sample]

    def title(self, sample: int) -> str:
        """Name a sample."""
        return f"sample {sample}" if self.samples is None else self.samples[sample]

    def part(self, chosen: list[int], span: tuple[int, int], *, is_cut: bool, along: bool) -> Told:
        """Give the same of some samples between two timesteps, under the names that they have here.

        ``along`` says that the model answers at each timestep; then so do targets of as many timesteps.
        """
        start, stop = span
        given = self.timesteps
        targets = None if self.targets is None else self.targets[chosen]

        def named(sample: int, low: int, high: int) -> list[str]:
            whole = range(start, stop)
            return list(map(str, whole[low:high])) if given is None else given(chosen[sample], start, stop)[low:high]

        return replace(
            self,
            targets=targets[:, start:stop] if targets is not None and along and targets.ndim > 1 else targets,
            timesteps=named if given is not None or (is_cut and self.vocabulary is None) else None,
            samples=[self.title(sample) for sample in chosen],
        )


def told(
    source: Source,
    *,
    targets: Any = None,
    timestep_labels: Any = None,
    vocabulary: Mapping[int, str] | Sequence[str] | None = None,
    sample_labels: Any = None,
    feature_names: Any = None,
) -> Told:
    """Read what the user gave, as for `LSTMWidget`.

    Raises
    ------
    InputError
        If labels or targets do not fit.
    """
    most = max(map(source.samples, source.layers))
    longest = max(source.at(name, 0)[1].timesteps for name in source.layers)
    return Told(
        targets=_checked_targets(targets, most),
        timesteps=labels.timestep_labels(timestep_labels, most, longest),
        vocabulary=labels.vocabulary(vocabulary),
        samples=labels.sample_labels(sample_labels, most),
        features=None if feature_names is None else [str(name) for name in feature_names],
    )


def _checked_targets(targets: Any, samples: int) -> Array | None:
    if targets is None:
        return None
    array = np.asarray(targets)
    if array.ndim == 0 or len(array) != samples:
        found = "a single value" if array.ndim == 0 else f"{len(array)} of them"
        msg = f"targets: found {found}, but there are {samples} samples; give one a sample"
        raise InputError(msg)
    return array
