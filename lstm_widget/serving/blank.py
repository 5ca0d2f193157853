"""A trace of which nothing is known: what is shown of a step whose numbers could not be proved."""

from __future__ import annotations

import numpy as np

from lstm_widget.layer_trace import LayerTrace
from lstm_widget.trace import Trace
from lstm_widget.verification.certificate import Certificate


class Uncertified(Certificate):
    """Stands where a certificate would: ``run`` says why there is none."""

    def __str__(self) -> str:
        return f"nothing is proved: {self.run}"


def blank(trace: Trace, why: str) -> Trace:
    """Give a trace of the same shapes and inputs, in which every number is NaN and nothing is certified."""
    return Trace({name: _blank(layer, why) for name, layer in trace.items()}, inputs=trace.inputs, outputs=None)


def _blank(layer: LayerTrace, why: str) -> LayerTrace:
    return LayerTrace(
        name=layer.name,
        cell=layer.cell,
        direction=layer.direction,
        # One number, seen as many: it takes no memory.
        values={q.name: np.broadcast_to(np.float32(np.nan), layer.shape) for q in layer.quantities},
        mask=layer.mask,
        inputs=layer.inputs,
        initial_state=layer.initial_state,
        weights={},
        activations=layer.activations,
        reset_after=layer.reset_after,
        readout=None,
        certificate=Uncertified(np.nan, 0.0, 0.0, "nothing", why),
        origin=layer.origin,
    )
