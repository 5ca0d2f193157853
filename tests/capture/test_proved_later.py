"""A run is proved against the weights that it had, whatever has become of the model by then."""

import threading

import keras
import numpy as np
import pytest
from small_models import LAYERS, data, randomise, sequential

import lstm_widget as lw
from lstm_widget.capture.keras import recorder
from lstm_widget.extraction import captured

L = keras.layers
LATER = [
    *({"kind": kind, **options} for kind in LAYERS for options in ({}, {"use_bias": False}, {"dtype": "float64"})),
    *({"kind": kind, "dtype": "mixed_bfloat16"} for kind in LAYERS),
    {"kind": "lstm", "activation": "PReLU"},
    {"kind": "gru", "recurrent_activation": "PReLU"},
]


@pytest.mark.parametrize("memory", ["told", "computed"])
@pytest.mark.parametrize("options", LATER, ids=str)
def test_of_other_weights_in_another_thread(options, memory, monkeypatch):
    if memory == "computed":
        monkeypatch.setattr(recorder.memory, "free_bytes", lambda: 20_000)
    weighted = L.PReLU(alpha_initializer="ones")
    made = {name: weighted if value == "PReLU" else value for name, value in options.items() if name != "kind"}
    model, x = sequential(LAYERS[options["kind"]](4, **made), L.Dense(1)), data(8, 5, 3)
    model.predict(x, verbose=0)  # Keras builds an activation with weights when it first runs
    randomise(model)
    now, later = lw.extract(model, x), captured(model, x)
    randomise(model, seed=1)
    results = []
    thread = threading.Thread(target=lambda: results.append(later()))
    thread.start()
    thread.join()
    (trace,) = results
    for quantity in now.only.quantities:
        np.testing.assert_array_equal(trace.only[quantity.name], now.only[quantity.name])
    for gate, weights in now.only.weights.items():
        np.testing.assert_array_equal(trace.only.weights[gate].kernel, weights.kernel)
    np.testing.assert_array_equal(trace.outputs, now.outputs)
