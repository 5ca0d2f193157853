"""What the user told of the data: targets, and what samples, timesteps, inputs and features are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lstm_widget.analysis.outputs import targets_of
from lstm_widget.analysis.rows import by_row, by_sample, pieces_of
from lstm_widget.capture.record import Array
from lstm_widget.serving import labels
from lstm_widget.serving.source import Source


@dataclass(frozen=True)
class Told:
    """Targets and names, checked.

    Attributes
    ----------
    targets : dict of str to (sample, ...)
        By layer; empty where nothing is known.
    timesteps : callable or None
        Names timesteps, as `labels.timestep_labels` gives it.
    vocabulary : dict of int to str, or None
    samples : list of str, or None
    features : list of str, or None
    """

    targets: Mapping[str, Array] = field(default_factory=dict)
    timesteps: labels.Labels | None = None
    vocabulary: dict[int, str] | None = None
    samples: list[str] | None = None
    features: list[str] | None = None

    def target(self, layer: str, sample: int) -> Any:
        """Give what was expected of a sample of a layer; None where nothing is known."""
        return self.targets[layer][sample] if self.targets else None

    def title(self, sample: int) -> str:
        """Name a sample."""
        return f"sample {sample}" if self.samples is None else self.samples[sample]

    def part(self, samples: Mapping[str, list[int]], span: tuple[int, int], *, is_cut: bool, along: bool) -> Told:
        """Give the same of some samples of each layer between two timesteps, under the names that they have here.

        ``along`` says that the model answers at each timestep; then so do targets of as many timesteps.
        """
        start, stop = span
        given, chosen = self.timesteps, max(samples.values(), key=len)
        targets = {name: values[samples[name]] for name, values in self.targets.items()}

        def named(sample: int, low: int, high: int) -> list[str]:
            whole = range(start, stop)
            return list(map(str, whole[low:high])) if given is None else given(chosen[sample], start, stop)[low:high]

        return replace(
            self,
            targets={
                name: values[:, start:stop] if along and values.ndim > 1 else values for name, values in targets.items()
            },
            timesteps=named if given is not None or (is_cut and self.vocabulary is None) else None,
            samples=[self.title(sample) for sample in chosen],
        )


def told(
    source: Source,
    *,
    targets: Any = None,
    output: str | int | None = None,
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
    traces = {name: source.at(name, 0) for name in source.layers}
    layers = [layer for _, layer, _ in traces.values()]
    most = max(map(source.samples, source.layers))
    longest = max(layer.timesteps for layer in layers)
    # Of a model that is asked row by row each trace holds some rows only; but then none follows another.
    rows = source.rows * max(map(pieces_of, layers))
    some, _, _ = next(iter(traces.values()))
    expected = None if targets is None else by_row(targets_of(targets, some.outputs, output), rows, layers)
    return Told(
        targets={
            name: by_sample(expected, layer, getattr(trace.outputs, "shape", ()))
            for name, (trace, layer, _) in traces.items()
            if expected is not None
        },
        timesteps=labels.timestep_labels(timestep_labels, most, longest),
        vocabulary=labels.vocabulary(vocabulary),
        samples=labels.sample_labels(sample_labels, most, rows),
        features=None if feature_names is None else [str(name) for name in feature_names],
    )
