"""Answers about weights: those of one gate, and how all of a layer's are spread along the steps."""

from __future__ import annotations

import numpy as np

from lstm_widget.protocol import MAX_WEIGHTS, DriftAnswer, WeightsAnswer
from lstm_widget.serving.answers.asked import Asked, RefusedError
from lstm_widget.serving.answers.numbers import bounded, packed
from lstm_widget.serving.answers.texts import cut

_ADVICE = "extract again, or record with weights=True"


def gate_weights(asked: Asked) -> tuple[WeightsAnswer, list[bytes]]:
    """Give the weights of some units of one gate."""
    layer = asked.layer()
    found = asked.shelf.weights(layer)
    if not found:
        raise RefusedError(f"The weights of {layer} were not kept at this step; {_ADVICE}.")
    of = found[asked.choice("gate", list(found))]
    features, units = of.kernel.shape
    chosen = asked.units(units)
    feature_stride, unit_stride = (-(-count // MAX_WEIGHTS) for count in (features, units))
    names = asked.shelf.feature_names(layer)[::feature_stride]
    biases = [bias[chosen] for bias in (of.input_bias, of.recurrent_bias) if bias is not None]
    bounded(asked, 4 * len(chosen) * (len(names) + -(-units // unit_stride) + len(biases)))
    rows = np.vstack([of.kernel[::feature_stride, chosen], of.recurrent_kernel[::unit_stride, chosen], *biases])
    header = WeightsAnswer(
        id=asked.id,
        kind="weights",
        features=[cut(name) for name in names],
        strides=(feature_stride, unit_stride),
        biases=len(biases),
    )
    return header, [packed([rows.T])]


def drift(asked: Asked) -> tuple[DriftAnswer, list[bytes]]:
    """Say how large the weights of all gates are, at some steps evenly spaced up to one."""
    layer = asked.layer()
    steps, gates, found = asked.shelves.drift(layer, asked.step())
    if not gates:
        raise RefusedError(f"The weights of {layer} were not kept; {_ADVICE}.")
    return DriftAnswer(id=asked.id, kind="drift", steps=steps, gates=gates), [packed([found])]
