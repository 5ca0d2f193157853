"""Sets a scene: one sample of a layer with all that is told beside it, and its overview."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np

from lstm_widget import protocol
from lstm_widget.analysis.loss import wrong
from lstm_widget.analysis.padding import padded_ends
from lstm_widget.capture.record import Array
from lstm_widget.serving import blocks, scene, words
from lstm_widget.serving.answering import Answering, answering, rows_along
from lstm_widget.serving.series import Overview
from lstm_widget.serving.source import output_row

if TYPE_CHECKING:
    from lstm_widget.serving.shelf import Shelf

_OVERVIEW_BYTES = 700_000
"""Of a first paint's megabyte; the rest is left to the still that is saved beside the widget."""
_INPUT_BYTES = 200_000
_ANSWER_BYTES = 120_000
_EXPECTED_BYTES = 20_000
"""An output."""
_ERROR_BYTES = 40_000


def set_scene(shelf: Shelf, layer: str, sample: int, sort: str) -> tuple[protocol.Scene, bytes]:
    """Describe a sample of a layer, with its overview."""
    whole, trace, place = shelf.source.at(layer, sample)
    mask = None if trace.mask is None else trace.mask[place]
    output = output_row(whole, trace, place)
    target = shelf.told.target(layer, sample)
    told = answering(whole, trace, place, target)
    rows = rows_along(whole.inputs, trace, place)
    lines = scene.input_lines(rows, shelf.told.features)
    behind = Overview()
    series = lines and behind.add(*lines, _INPUT_BYTES)
    answers = None if told is None else _answers(told, behind)
    errors = getattr(trace.certificate, "errors", None)
    by_step = None if errors is None else behind.add(errors[place][:, None], ["h"], _ERROR_BYTES)
    order = shelf.steady.order(layer, sample, sort)
    block = scene.widest(trace, order, _OVERVIEW_BYTES - len(behind.packed))
    packed = blocks.pack(trace, place, block)
    for found in (series, by_step, answers and answers["series"], answers and answers["expected"]):
        if found:
            found["offset"] += len(packed)
    described = protocol.Scene(
        layer=layer,
        sample=sample,
        step=shelf.step,
        input_step=shelf.input_step,
        generation=shelf.steady.generation,
        timesteps=trace.timesteps,
        units=trace.units,
        direction=trace.direction,
        quantities=[quantity.name for quantity in trace.quantities],
        ranges=shelf.steady.ranges(layer),
        sort=sort,
        order=order,
        unmasked=scene.unmasked_window(mask, trace.timesteps),
        masked=scene.masked_spans(mask),
        padding=[] if rows is None else padded_ends(rows, mask),
        proof=scene.proof(trace, by_step),
        title=shelf.told.title(sample),
        prediction=words.prediction_text(output),
        target=None if target is None else words.target_text(target, output),
        wrong=_is_wrong(output, target),
        block=block,
        input=series,
        tokens=shelf.tokens(layer, sample) is not None,
        output=answers,
    )
    return described, packed + behind.packed


def _answers(told: Answering, behind: Overview) -> protocol.Output:
    expected = None
    if told.expected is not None:
        columns = told.expected.shape[1]
        names = ["expected"] if columns == 1 else told.names
        expected = behind.add(told.expected, names, columns * _EXPECTED_BYTES)
    return protocol.Output(
        kind=cast(Literal["timestep", "so far"], told.kind),
        series=behind.add(told.lines, told.names, _ANSWER_BYTES),
        expected=expected,
        target=None if told.target is None or np.isnan(told.target) else told.target,
        probabilities=told.probabilities,
        error=told.error,
    )


def _is_wrong(output: Array | None, target: Any) -> bool | None:
    if output is None or target is None:
        return None
    found = wrong(output[None], np.asarray(target)[None])
    return None if found is None else bool(found[0])
