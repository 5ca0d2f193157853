"""A layer whose numbers a test writes down itself."""

import numpy as np

from lstm_widget.layer_trace import LayerTrace, Origin
from lstm_widget.quantities import QUANTITIES
from lstm_widget.verification.certificate import Certificate


def layer_of(cell="lstm", name="layer", mask=None, timesteps=4, units=3, **values):
    """One sample; each quantity as (timestep, unit)."""
    shape = (timesteps, units)
    made = {q.name: np.asarray(values.get(q.symbol, np.full(shape, 0.5)), "f4")[None] for q in QUANTITIES[cell]}
    return LayerTrace(
        name=name,
        cell=cell,
        direction="forward",
        values=made,
        mask=None if mask is None else np.array([mask]),
        inputs=np.zeros((1, timesteps, 1)),
        initial_state={name: np.zeros((1, units)) for name in ("hidden_state", "cell_state")},
        weights={},
        activations={"activation": "tanh", "recurrent_activation": "sigmoid"},
        reset_after=False,
        readout=None,
        certificate=Certificate(0, 0, 0, "", ""),
        origin=Origin(np.arange(1), timesteps),
    )
