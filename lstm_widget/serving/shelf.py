"""Everything a widget may be asked for at one step: scenes, first screens, labels, over one source of traces."""

from __future__ import annotations

import numpy as np

from lstm_widget import protocol
from lstm_widget.analysis.change import busiest_timestep
from lstm_widget.analysis.push import strongest_unit
from lstm_widget.analysis.rows import by_sample
from lstm_widget.capture.record import Array
from lstm_widget.cutting import cut, samples_of
from lstm_widget.errors import InputError
from lstm_widget.layer_trace import LayerTrace
from lstm_widget.serving import words
from lstm_widget.serving.answering import rows_along
from lstm_widget.serving.judge import Judge
from lstm_widget.serving.listing import catalogue
from lstm_widget.serving.scene import input_lines
from lstm_widget.serving.setting import set_scene
from lstm_widget.serving.source import Source, TraceSource
from lstm_widget.serving.steady import Steady
from lstm_widget.serving.told import Told
from lstm_widget.weights import GateWeights

_ALIKE = 64
"""Timesteps that tell whether a layer is given the model's own input."""


class Shelf:
    """What there is to show.

    Parameters
    ----------
    source : Source
    told : Told
        Targets and names that the user gave.
    steady : Steady, optional
        Colour limits and orders that this shelf shares with those of other steps; its own, if left out.
    step, input_step : int
        Its number, and that of the first step with the same input.
    """

    def __init__(
        self, source: Source, told: Told, steady: Steady | None = None, *, step: int = 0, input_step: int = 0
    ) -> None:
        self.source = source
        self.layers = source.layers
        self.told = told
        self.steady = steady or Steady(lambda: [source], lambda: source)
        self.step = step
        self.input_step = input_step

    @property
    def rows(self) -> int:
        """How many input rows one may choose from."""
        return self.source.rows

    def samples(self, layer: str) -> int:
        """Say how many samples a layer has."""
        return self.source.samples(layer)

    def at(self, layer: str, sample: int) -> tuple[LayerTrace, int]:
        """Give a layer's trace and the sample's index in it."""
        _, found, place = self.source.at(layer, sample)
        return found, place

    def catalogue(self) -> protocol.Catalogue:
        """List what there is."""
        return catalogue(self.source)

    def scene(self, layer: str, sample: int, sort: str) -> tuple[protocol.Scene, bytes]:
        """Describe a sample of a layer, with its overview."""
        return set_scene(self, layer, sample, sort)

    def part(self, rows: list[int], span: tuple[int, int] | None) -> Shelf:
        """Give a shelf that holds only some input rows, between two timesteps, under the names that they have here.

        Raises
        ------
        InputError
            If ``span`` means something else in each layer.
        """
        whole = self.source.whole(rows)
        kept = whole if span is None else cut(whole, list(range(len(rows))), span)
        source = TraceSource(kept)
        samples = {name: samples_of(self.at(name, 0)[0], rows) for name in self.layers}
        window = span or (0, max(layer.timesteps for layer in whole.values()))
        ranges = {name: self.steady.ranges(name) for name in self.layers}
        # One array that became shorter has an answer a timestep.
        along = getattr(kept.outputs, "shape", None) != getattr(whole.outputs, "shape", None)
        told = self.told.part(samples, window, is_cut=span is not None, along=along)
        return Shelf(source, told, Steady(lambda: [source], lambda: source, ranges))

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
        if self.told.timesteps is not None:
            return self.told.timesteps(sample, start, stop)
        known = self.told.vocabulary
        tokens = self.tokens(layer, sample) if known is not None else None
        if tokens is not None and known is not None:
            return [known.get(int(token), str(token)) for token in tokens[start:stop]]
        return [str(timestep) for timestep in range(start, stop)]

    def words(self, layer: str, sample: int, start: int, stop: int) -> list[str]:
        """Read the input's tokens as words: out of the vocabulary, else by number.

        Raises
        ------
        InputError
            If the input is no tokens.
        """
        tokens = self.tokens(layer, sample)
        if tokens is None:
            msg = "the input of this sample is no whole number a timestep, so it has no words"
            raise InputError(msg)
        known = self.told.vocabulary or {}
        return [known.get(int(token), str(int(token))) for token in tokens[start:stop]]

    def tokens(self, layer: str, sample: int) -> Array | None:
        """Give the input as whole numbers, one a timestep; None where it is something else."""
        whole, trace, place = self.source.at(layer, sample)
        tokens = rows_along(whole.inputs, trace, place)
        if tokens is None or tokens.ndim != 1:
            return None
        # People keep their tokens as floats, too; a vocabulary says that these are some.
        whole_numbers = (
            tokens.dtype.kind == "f" and self.told.vocabulary is not None and bool((tokens == np.round(tokens)).all())
        )
        return tokens if tokens.dtype.kind in "iu" or whole_numbers else None

    def weights(self, layer: str) -> dict[str, GateWeights]:
        """Give a layer's weights by gate; none where they were not kept."""
        return self.source.any(layer)[1].weights

    def feature_names(self, layer: str) -> list[str]:
        """Name what a layer is given: as the model's input where it is that, else by number."""
        whole, trace, place = self.source.any(layer)
        rows, count = rows_along(whole.inputs, trace, place), int(trace.inputs.shape[-1])
        named = None if rows is None else input_lines(rows, self.told.features)
        if named is None or rows is None or rows.size != len(rows) * count:
            return [str(feature) for feature in range(count)]
        given = trace.inputs[place, :_ALIKE]
        is_input = np.array_equal(rows[:_ALIKE].reshape(len(given), -1).astype(given.dtype), given, equal_nan=True)
        names = named[1] if is_input else []
        return [*names[:count], *map(str, range(len(names), count))]

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
            found = np.array([k for k in found if wanted in self.told.title(int(k)).casefold()], int)
        return len(found), [self._line(layer, int(k), judge) for k in found[slice(*lines)]]

    def nearest(self, layer: str, sample: int) -> int:
        """Give the sample of the same true class, and right, whose input is most like this one's.

        Raises
        ------
        InputError
            If there are no class targets, or no such sample.
        """
        inputs = self.source.inputs()
        if inputs is not None:
            # All axes of an input but the features belong to rows and timesteps, and tokens have no features.
            inputs = by_sample(inputs, self.source.any(layer)[1], (*inputs.shape, 1))
        return self._judge(layer).nearest(sample, inputs)

    def refresh(self) -> None:
        """Forget all numbers: the next scene is made with the weights of then."""
        self.source.refresh()
        self.steady.forget()

    def _judge(self, layer: str) -> Judge:
        def outputs() -> Array | None:
            found = self.source.outputs()
            return None if found is None else by_sample(found, self.source.any(layer)[1], found.shape)

        return Judge(outputs, self.told.targets.get(layer), self.samples(layer))

    def _line(self, layer: str, sample: int, judge: Judge) -> protocol.SampleLine:
        line = protocol.SampleLine(sample=sample, label=self.told.title(sample))
        output, target = judge.output(sample), self.told.target(layer, sample)
        if output is None or target is None:
            return line
        said, wanted = words.prediction_text(output), words.target_text(target, output)
        if said is not None:
            line["prediction"] = said
        if wanted is not None:
            line["target"] = wanted
        loss, missed = judge.verdict(sample)
        # JSON has no NaN.
        if loss is not None and np.isfinite(loss):
            line["loss"] = loss
        if missed is not None:
            line["wrong"] = missed
        return line
