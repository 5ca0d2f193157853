"""A trace of any size on disk, without a model: random walks where a layer's numbers would be."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import lstm_widget as lw
from lstm_widget.layer_trace import Origin
from lstm_widget.quantities import BLOCKS, QUANTITIES
from lstm_widget.verification.certificate import Certificate
from lstm_widget.weights import GateWeights

_PERIOD = 1_000


def write(path: Path, timesteps: int, units: int) -> Path:
    """Write one sample of an LSTM with 8 features as a directory that `Trace.load` opens, and give its path."""
    rng = np.random.default_rng(0)
    path.mkdir()
    values = {}
    for quantity in QUANTITIES["lstm"]:
        walk = np.tanh(np.cumsum(rng.normal(0, 0.1, (min(timesteps, _PERIOD), units)), axis=0)).astype("f4")
        piece = (walk + 1) / 2 if quantity.kind == "gate" else walk
        array = np.lib.format.open_memmap(
            path / f"{quantity.name}.npy", mode="w+", dtype="f4", shape=(1, timesteps, units)
        )
        for start in range(0, timesteps, _PERIOD):
            array[0, start : start + _PERIOD] = piece[: timesteps - start]
        values[quantity.name] = array
    layer = lw.LayerTrace(
        name="lstm",
        cell="lstm",
        direction="forward",
        values=values,
        mask=None,
        inputs=rng.normal(size=(1, timesteps, 8)).astype("f4"),
        initial_state={name: np.zeros((1, units), "f4") for name in ("hidden_state", "cell_state")},
        weights={
            gate: GateWeights(np.zeros((8, units), "f4"), np.zeros((units, units), "f4"), np.zeros(units, "f4"))
            for gate in BLOCKS["lstm"]
        },
        activations={"activation": "tanh", "recurrent_activation": "sigmoid"},
        reset_after=False,
        readout=None,
        certificate=Certificate(0, 1, 0, "nothing: these are no layer's numbers", "random"),
        origin=Origin(np.arange(1), timesteps),
    )
    saved = path.with_suffix(".trace")
    lw.Trace({"lstm": layer}, inputs=layer.inputs, outputs=np.zeros((1, 1), "f4")).save(saved)
    for array in values.values():
        Path(array.filename).unlink()
    return saved
