"""Everything a widget may be asked for: scenes, first screens, labels, over one source of traces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lstm_widget import colours, protocol
from lstm_widget.analysis.change import change
from lstm_widget.analysis.loss import losses
from lstm_widget.analysis.ordering import ordered
from lstm_widget.analysis.push import strongest_unit
from lstm_widget.capture.record import Array
from lstm_widget.errors import InputError
from lstm_widget.layer_trace import LayerTrace
from lstm_widget.quantities import QUANTITIES
from lstm_widget.serving import labels, scene, words
from lstm_widget.serving.source import Source, input_rows, output_row


class Shelf:
    """What there is to show.

    Parameters
    ----------
    source : Source
    targets : (sample,) or (sample, ...), optional
    timestep_labels, vocabulary, sample_labels, feature_names : optional
        As for `LSTMWidget`.

    Raises
    ------
    InputError
        If labels or targets do not fit.
    """

    def __init__(
        self,
        source: Source,
        *,
        targets: Any = None,
        timestep_labels: Any = None,
        vocabulary: Mapping[int, str] | Sequence[str] | None = None,
        sample_labels: Any = None,
        feature_names: Any = None,
    ) -> None:
        self._source = source
        self.layers = source.layers
        most = max(map(source.samples, self.layers))
        longest = max(self.at(name, 0)[0].timesteps for name in self.layers)
        self._targets = _checked_targets(targets, most)
        self._sample_labels = labels.sample_labels(sample_labels, most)
        self._feature_names = None if feature_names is None else [str(name) for name in feature_names]
        self._labels = labels.timestep_labels(timestep_labels, most, longest)
        self._words = labels.vocabulary(vocabulary)
        self._ranges: dict[str, dict[str, tuple[float, float]]] = {}

    def samples(self, layer: str) -> int:
        """Say how many samples a layer has."""
        return self._source.samples(layer)

    def at(self, layer: str, sample: int) -> tuple[LayerTrace, int]:
        """Give a layer's trace and the sample's index in it."""
        _, found, place = self._source.at(layer, sample)
        return found, place

    def catalogue(self) -> protocol.Catalogue:
        """List what there is."""
        traces = [self.at(name, 0)[0] for name in self.layers]
        kinds = {trace.cell for trace in traces}
        return protocol.Catalogue(
            version=protocol.VERSION,
            quantities={
                quantity.name: protocol.Quantity(symbol=quantity.symbol, label=quantity.label, kind=quantity.kind)
                for kind in kinds
                for quantity in QUANTITIES[kind]
            },
            layers=[
                protocol.Layer(
                    name=trace.name,
                    cell=trace.cell,
                    units=trace.units,
                    samples=self.samples(trace.name),
                    direction=trace.direction,
                )
                for trace in traces
            ],
            colours=colours.tables(),
        )

    def scene(self, layer: str, sample: int, sort: str) -> tuple[dict[str, Any], bytes]:
        """Describe a sample of a layer, as a `protocol.Scene`, with its overview."""
        whole, trace, place = self._source.at(layer, sample)
        mask = None if trace.mask is None else trace.mask[place]
        if layer not in self._ranges:
            # Frozen for the layer: a colour must mean the same number in every sample.
            self._ranges[layer] = scene.ranges(trace)
        output = output_row(whole, trace, place)
        block, series, packed = scene.overview(trace, place, input_rows(whole, trace, place), self._feature_names)
        described = protocol.Scene(
            layer=layer,
            sample=sample,
            timesteps=trace.timesteps,
            units=trace.units,
            direction=trace.direction,
            quantities=[quantity.name for quantity in trace.quantities],
            ranges=self._ranges[layer],
            order=ordered(trace, place, sort),
            unmasked=scene.unmasked_window(mask, trace.timesteps),
            masked=scene.masked_spans(mask),
            proof=scene.proof(trace),
            title=self._title(sample),
            prediction=words.prediction_text(output),
            target=self._target(sample, output),
            block=block,
            input=series,
        )
        return {**described}, packed

    def first_sample(self, layer: str) -> int:
        """Give the sample with the worst loss, where targets are known; else the first."""
        outputs = None if self._targets is None else self._source.outputs()
        if outputs is None or self._targets is None or len(outputs) != len(self._targets):
            return 0
        worst = int(np.nanargmax(np.nan_to_num(losses(outputs, self._targets))))
        return worst if worst < self.samples(layer) else 0

    def first_place(self, layer: str, sample: int) -> tuple[int, int]:
        """Give the unit that pushes the answer most, and the timestep at which its memory changes most."""
        trace, place = self.at(layer, sample)
        unit = strongest_unit(trace, place)
        return unit, int(change(trace, place)[:, unit].argmax())

    def timestep_labels(self, layer: str, sample: int, start: int, stop: int) -> list[str]:
        """Name timesteps: as the user did, by the words of the input, or by number."""
        if self._labels is not None:
            return self._labels(sample, start, stop)
        tokens = self._tokens(layer, sample) if self._words is not None else None
        if tokens is not None and self._words is not None:
            return [self._words.get(int(token), str(token)) for token in tokens[start:stop]]
        return [str(timestep) for timestep in range(start, stop)]

    def sample_line(self, sample: int) -> protocol.SampleLine:
        """Describe a sample in the picker. What the model answered is known once it is on screen."""
        return protocol.SampleLine(label=self._title(sample))

    def _title(self, sample: int) -> str:
        return f"sample {sample}" if self._sample_labels is None else self._sample_labels[sample]

    def _target(self, sample: int, output: Array | None) -> str | None:
        if self._targets is None or sample >= len(self._targets):
            return None
        return words.target_text(self._targets[sample], output)

    def _tokens(self, layer: str, sample: int) -> Array | None:
        whole, trace, place = self._source.at(layer, sample)
        tokens = input_rows(whole, trace, place)
        return tokens if tokens is not None and tokens.ndim == 1 and tokens.dtype.kind in "iu" else None


def _checked_targets(targets: Any, samples: int) -> Array | None:
    if targets is None:
        return None
    array = np.asarray(targets)
    if array.ndim == 0 or len(array) != samples:
        found = "a single value" if array.ndim == 0 else f"{len(array)} of them"
        msg = f"targets: found {found}, but there are {samples} samples; give one a sample"
        raise InputError(msg)
    return array
