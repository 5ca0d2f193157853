"""Loops over few samples run in another executor of TensorFlow's, and give the same numbers to the last bit."""

import keras
import numpy as np
import pytest
from proved_later import taken
from small_models import LAYERS, data, randomise, sequential

import lstm_widget as lw
from lstm_widget.capture.keras import executor

L = keras.layers
OPTIONS = [
    {},
    {"implementation": 1},
    {"recurrent_dropout": 0.5},
    {"activation": "relu"},
    {"activation": "gelu"},
    {"recurrent_activation": "hard_sigmoid"},
    {"activation": "of my own"},
    {"dtype": "mixed_float16"},
    {"dtype": "float64"},
    {"reset_after": False},
    {"go_backwards": True, "unroll": True},
]
CASES = [
    (kind, options)
    for kind in LAYERS
    for options in OPTIONS
    if not (kind == "simple_rnn" and {"implementation", "recurrent_activation"} & set(options))
    and (kind == "gru" or "reset_after" not in options)
]


@pytest.fixture(params=[1, 2, 3], ids="{} samples".format)
def x(request):
    return data(request.param, 12, 3)


@pytest.mark.parametrize(("kind", "options"), CASES, ids=str)
def test_the_same_numbers_as_in_predict(kind, options, x):
    own = {"activation": lambda z: z * keras.ops.sigmoid(z) + 0.1 + z * 1e-3}
    options = options | own if options.get("activation") == "of my own" else options
    model = randomise(sequential(LAYERS[kind](20, return_sequences=True, **options), shape=(12, 3)), scale=0.5)
    predicted, now, later = model.predict(x, verbose=0), lw.extract(model, x), taken(model, x)()
    for quantity in now.only.quantities:
        np.testing.assert_array_equal(now.only[quantity.name], later.only[quantity.name])
    if {"gelu", "hard_sigmoid"} & set(map(str, options.values())):
        # They are several operations, which TensorFlow may join in another way where one of them is told.
        np.testing.assert_allclose(now.outputs, predicted, atol=1e-6)
    else:
        np.testing.assert_array_equal(now.outputs, predicted)


@pytest.mark.parametrize("kind", LAYERS)
def test_the_same_numbers_without_it(kind, x, monkeypatch):
    model = randomise(sequential(LAYERS[kind](20), L.Dense(2), shape=(12, 3)), scale=0.5)
    trace = lw.extract(model, x)
    monkeypatch.setattr(executor, "give_the_same", lambda cells: False)
    other = keras.models.clone_model(model)
    other.set_weights(model.get_weights())
    without = lw.extract(other, x)
    for quantity in trace.only.quantities:
        np.testing.assert_array_equal(trace.only[quantity.name], without.only[quantity.name])
