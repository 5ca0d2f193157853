"""A small training that the tests of recordings look at."""

from functools import partial

import keras
import numpy as np
from small_models import data, sequential

import lstm_widget as lw
from lstm_widget.recording import recorder as recorder_module

L = keras.layers
X, Y = data(12, 5, 3), data(12, 1, seed=1)
PROBE = X[:2]


def small_model(**compiled):
    model = sequential(L.LSTM(4, name="lstm"), L.Dense(1))
    model.compile("sgd", "mse", **compiled)
    return model


def fit(model, *callbacks, epochs=3, batch_size=4, **options):
    return model.fit(X, Y, epochs=epochs, batch_size=batch_size, verbose=0, callbacks=list(callbacks), **options)


def recorded(*, epochs=3, **options):
    """A model that was recorded, and its recorder."""
    recorder = lw.GateRecorder(PROBE, **options)
    model = small_model()
    fit(model, recorder, epochs=epochs)
    return model, recorder


def at_each_step(monkeypatch, instead):
    """Let ``instead(take)`` stand for ``take()``, which runs the model and gives what proves the run."""
    made = recorder_module.Extractor
    monkeypatch.setattr(recorder_module, "Extractor", lambda *args, **options: partial(instead, made(*args, **options)))


def set_weight(model, value):
    """Write a number into the recurrent kernel."""
    weights = model.get_weights()
    weights[1][0, 0] = value
    model.set_weights(weights)


def assert_same_step(one, other):
    assert (one.fit, one.epoch, one.batch, one.logs, one.marks) == (
        other.fit,
        other.epoch,
        other.batch,
        other.logs,
        other.marks,
    )
    assert list(one.trace) == list(other.trace)
    np.testing.assert_array_equal(one.outputs, other.outputs)
    for name, layer in one.trace.items():
        theirs = other.trace[name]
        assert layer.quantities == theirs.quantities
        for quantity in layer.quantities:
            np.testing.assert_array_equal(layer[quantity.name], theirs[quantity.name])
        for gate, weights in one.weights[name].items():
            np.testing.assert_array_equal(weights.kernel, other.weights[name][gate].kernel)
