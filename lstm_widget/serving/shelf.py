"""Everything a widget may be asked for: scenes, first screens, labels, over one source of traces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, cast

import numpy as np

from lstm_widget import colours, protocol
from lstm_widget.analysis.change import busiest_timestep
from lstm_widget.analysis.loss import wrong
from lstm_widget.analysis.ordering import ordered
from lstm_widget.analysis.padding import padded_ends
from lstm_widget.analysis.push import strongest_unit
from lstm_widget.capture.record import Array
from lstm_widget.cutting import cut, samples_of
from lstm_widget.errors import InputError
from lstm_widget.layer_trace import LayerTrace
from lstm_widget.quantities import QUANTITIES
from lstm_widget.serving import blocks, labels, scene, words
from lstm_widget.serving.answering import Answering, answering, rows_along
from lstm_widget.serving.judge import Judge
from lstm_widget.serving.series import Overview
from lstm_widget.serving.source import Source, TraceSource, output_row

_INPUT_BYTES = 200_000
_ANSWER_BYTES = 120_000
_EXPECTED_BYTES = 20_000
_ERROR_BYTES = 40_000


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
        self._generation = 0

    @property
    def rows(self) -> int:
        """How many input rows one may choose from."""
        return self._source.rows

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
                    activation=trace.activations.get("activation", ""),
                    gate_activation=trace.activations.get("recurrent_activation", ""),
                    reset_after=trace.reset_after,
                )
                for trace in traces
            ],
            colours=colours.tables(),
        )

    def scene(self, layer: str, sample: int, sort: str) -> tuple[dict[str, Any], bytes]:
        """Describe a sample of a layer, as a `protocol.Scene`, with its overview."""
        whole, trace, place = self._source.at(layer, sample)
        mask = None if trace.mask is None else trace.mask[place]
        output = output_row(whole, trace, place)
        target = None if self._targets is None or sample >= len(self._targets) else self._targets[sample]
        told = answering(whole, trace, place, target)
        rows = rows_along(whole.inputs, trace, place)
        lines = scene.input_lines(rows, self._feature_names)
        behind = Overview()
        series = lines and behind.add(*lines, _INPUT_BYTES)
        answers = None if told is None else self._answers(told, behind)
        errors = getattr(trace.certificate, "errors", None)
        by_step = None if errors is None else behind.add(errors[place][:, None], ["h"], _ERROR_BYTES)
        order = ordered(trace, place, sort)
        block = scene.widest(trace, order, protocol.MAX_BYTES - len(behind.packed))
        packed = blocks.pack(trace, place, block)
        for found in (series, by_step, answers and answers["series"], answers and answers["expected"]):
            if found:
                found["offset"] += len(packed)
        described = protocol.Scene(
            layer=layer,
            sample=sample,
            generation=self._generation,
            timesteps=trace.timesteps,
            units=trace.units,
            direction=trace.direction,
            quantities=[quantity.name for quantity in trace.quantities],
            ranges=self._ranges_of(layer, trace),
            order=order,
            unmasked=scene.unmasked_window(mask, trace.timesteps),
            masked=scene.masked_spans(mask),
            padding=[] if rows is None else padded_ends(rows, mask),
            proof=scene.proof(trace, by_step),
            title=self._title(sample),
            prediction=words.prediction_text(output),
            target=None if target is None else words.target_text(target, output),
            wrong=self._is_wrong(output, target),
            block=block,
            input=series,
            tokens=self._tokens(layer, sample) is not None,
            output=answers,
        )
        return {**described}, packed + behind.packed

    def _ranges_of(self, layer: str, trace: LayerTrace) -> dict[str, tuple[float, float]]:
        if layer not in self._ranges:
            # Frozen for the layer: a colour must mean the same number in every sample.
            self._ranges[layer] = scene.ranges(trace)
        return self._ranges[layer]

    def part(self, rows: list[int], span: tuple[int, int] | None) -> Shelf:
        """Give a shelf that holds only some input rows, between two timesteps, under the names that they have here.

        Raises
        ------
        InputError
            If ``span`` means something else in each layer.
        """
        whole = self._source.whole(rows)
        trace = whole if span is None else cut(whole, list(range(len(rows))), span)
        most = max((self.at(name, 0)[0] for name in self.layers), key=lambda layer: self.samples(layer.name))
        chosen = samples_of(most, rows)
        start, stop = span or (0, max(layer.timesteps for layer in trace.values()))
        given = self._labels

        def named(sample: int) -> list[str]:
            return [str(t) for t in range(start, stop)] if given is None else given(chosen[sample], start, stop)

        part = Shelf(
            TraceSource(trace),
            targets=None if self._targets is None else self._targets[chosen],
            timestep_labels=named if given is not None or (span and self._words is None) else None,
            vocabulary=self._words,
            sample_labels=[self._title(sample) for sample in chosen],
            feature_names=self._feature_names,
        )
        part._ranges = {name: self._ranges_of(name, self.at(name, 0)[0]) for name in self.layers}
        return part

    @staticmethod
    def _answers(told: Answering, behind: Overview) -> protocol.Output:
        expected = None if told.expected is None else behind.add(told.expected[:, None], ["expected"], _EXPECTED_BYTES)
        return protocol.Output(
            kind=cast(Literal["timestep", "so far"], told.kind),
            series=behind.add(told.lines, told.names, _ANSWER_BYTES),
            expected=expected,
            target=None if told.target is None or np.isnan(told.target) else told.target,
            probabilities=told.probabilities,
            error=told.error,
        )

    @staticmethod
    def _is_wrong(output: Array | None, target: Any) -> bool | None:
        if output is None or target is None:
            return None
        found = wrong(output[None], np.asarray(target)[None])
        return None if found is None else bool(found[0])

    def first_sample(self, layer: str) -> int:
        """Give the sample with the worst loss, where targets are known; else the first."""
        return self._judge(layer).worst()

    def first_place(self, layer: str, sample: int) -> tuple[int, int]:
        """Give the unit that pushes the answer most, and the timestep at which its memory changes most."""
        trace, place = self.at(layer, sample)
        unit = strongest_unit(trace, place)
        return unit, busiest_timestep(trace, place, unit)

    def timestep_labels(self, layer: str, sample: int, start: int, stop: int) -> list[str]:
        """Name timesteps: as the user did, by the words of the input, or by number."""
        if self._labels is not None:
            return self._labels(sample, start, stop)
        tokens = self._tokens(layer, sample) if self._words is not None else None
        if tokens is not None and self._words is not None:
            return [self._words.get(int(token), str(token)) for token in tokens[start:stop]]
        return [str(timestep) for timestep in range(start, stop)]

    def words(self, layer: str, sample: int, start: int, stop: int) -> list[str]:
        """Read the input's tokens as words: out of the vocabulary, else by number.

        Raises
        ------
        InputError
            If the input is no tokens.
        """
        tokens = self._tokens(layer, sample)
        if tokens is None:
            msg = "the input of this sample is no whole number a timestep, so it has no words"
            raise InputError(msg)
        known = self._words or {}
        return [known.get(int(token), str(int(token))) for token in tokens[start:stop]]

    def samples_found(
        self, layer: str, text: str, *, among: str, by: str, lines: protocol.Span
    ) -> tuple[int, list[protocol.SampleLine]]:
        """List samples whose label holds a text, among all, the wrong or the right, as a `SamplesRequest` asks.

        Returns
        -------
        int, list of SampleLine
            How many there are, and those between ``lines``.

        Raises
        ------
        InputError
            If it takes targets, and there are none that tell right from wrong.
        """
        judge = self._judge(layer)
        found = judge.found(among, by)
        if text:
            wanted = text.casefold()
            found = np.array([k for k in found if wanted in self._title(int(k)).casefold()], int)
        return len(found), [self._line(int(k), judge) for k in found[slice(*lines)]]

    def nearest(self, layer: str, sample: int) -> int:
        """Give the sample of the same true class, and right, whose input is most like this one's.

        Raises
        ------
        InputError
            If there are no class targets, or no such sample.
        """
        return self._judge(layer).nearest(sample, self._source.inputs())

    def changed(self) -> str:
        """Say in words which weights are not those of the numbers on screen; empty if all are."""
        return self._source.changed()

    def refresh(self) -> None:
        """Forget all numbers: the next scene is made with the weights of then."""
        self._source.refresh()
        self._ranges.clear()
        self._generation += 1

    def _judge(self, layer: str) -> Judge:
        return Judge(self._source.outputs, self._targets, self.samples(layer))

    def _line(self, sample: int, judge: Judge) -> protocol.SampleLine:
        line = protocol.SampleLine(sample=sample, label=self._title(sample))
        output = judge.output(sample)
        if output is None or self._targets is None:
            return line
        prediction, target = words.prediction_text(output), words.target_text(self._targets[sample], output)
        if prediction is not None:
            line["prediction"] = prediction
        if target is not None:
            line["target"] = target
        loss, missed = judge.verdict(sample)
        # JSON has no NaN.
        if loss is not None and np.isfinite(loss):
            line["loss"] = loss
        if missed is not None:
            line["wrong"] = missed
        return line

    def _title(self, sample: int) -> str:
        return f"sample {sample}" if self._sample_labels is None else self._sample_labels[sample]

    def _tokens(self, layer: str, sample: int) -> Array | None:
        whole, trace, place = self._source.at(layer, sample)
        tokens = rows_along(whole.inputs, trace, place)
        if tokens is None or tokens.ndim != 1:
            return None
        # People keep their tokens as floats, too; a vocabulary says that these are some.
        whole_numbers = (
            tokens.dtype.kind == "f" and self._words is not None and bool((tokens == np.round(tokens)).all())
        )
        return tokens if tokens.dtype.kind in "iu" or whole_numbers else None


def _checked_targets(targets: Any, samples: int) -> Array | None:
    if targets is None:
        return None
    array = np.asarray(targets)
    if array.ndim == 0 or len(array) != samples:
        found = "a single value" if array.ndim == 0 else f"{len(array)} of them"
        msg = f"targets: found {found}, but there are {samples} samples; give one a sample"
        raise InputError(msg)
    return array
