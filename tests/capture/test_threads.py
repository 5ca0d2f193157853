"""Different models side by side, in threads, while another one trains; the same model in turns."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import keras
import numpy as np
import tensorflow as tf
from small_models import data, randomise, sequential

import lstm_widget as lw
from lstm_widget.capture.keras.session import Session

L = keras.layers
TURNS = 4


def models():
    one = randomise(sequential(L.LSTM(6, return_sequences=True), L.Bidirectional(L.GRU(4))), seed=1)
    other = randomise(sequential(L.Masking(), L.GRU(5, return_sequences=True), L.SimpleRNN(3)), seed=2)
    return one, other


def assert_traces_equal(one, other):
    assert list(one) == list(other)
    for name in one:
        for quantity in one[name].quantities:
            np.testing.assert_array_equal(one[name][quantity.symbol], other[name][quantity.symbol])


def in_threads(jobs):
    """Start all at once, and let what one raised be raised here."""
    start = threading.Barrier(len(jobs))

    def go(job):
        start.wait()
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result(timeout=120) for future in [pool.submit(go, job) for job in jobs]]


def training():
    """Give a job that trains a model, always the same one, and gives its weights."""
    keras.utils.set_random_seed(3)
    model = sequential(L.Bidirectional(L.LSTM(6, dropout=0.2)), L.Dense(1))
    model.compile("adam", "mse")
    x, y = data(32, 5, 3, seed=8), data(32, 1, seed=9)

    def train():
        model.fit(x, y, epochs=TURNS, batch_size=8, verbose=0, shuffle=False)
        return model.get_weights()

    return train


def test_two_models_are_extracted_while_a_third_one_trains():
    one, other = models()
    x = data(6, 5, 3)
    x[0, 3:] = 0
    alone = lw.extract(one, x), lw.extract(other, x)
    expected = training()()
    several = in_threads(
        [
            lambda: [lw.extract(one, x) for _ in range(TURNS)],
            lambda: [lw.extract(other, x) for _ in range(TURNS)],
            training(),
        ]
    )
    for traces, serial in zip(several, alone, strict=False):
        for trace in traces:
            assert_traces_equal(trace, serial)
    for found, weights in zip(several[2], expected, strict=True):
        np.testing.assert_array_equal(found, weights)


def test_the_same_model_takes_turns():
    model = randomise(
        keras.Sequential(
            [keras.Input(batch_shape=(2, 5, 3)), L.LSTM(4, stateful=True, return_sequences=True), L.GRU(3)]
        )
    )
    x, y = data(6, 5, 3, seed=1), data(6, 5, 3, seed=2)
    alone = lw.extract(model, x), lw.extract(model, y)
    several = in_threads(
        [lambda: [lw.extract(model, x) for _ in range(TURNS)], lambda: [lw.extract(model, y) for _ in range(TURNS)]]
    )
    for traces, serial in zip(several, alone, strict=True):
        for trace in traces:
            assert_traces_equal(trace, serial)


def test_the_same_model_never_runs_twice_at_once(monkeypatch):
    inside, overlaps, run = [], [], Session.run

    def watched(self, *args, **kwargs):
        overlaps.append(len(inside))
        inside.append(self)
        time.sleep(0.05)
        try:
            return run(self, *args, **kwargs)
        finally:
            inside.remove(self)

    monkeypatch.setattr(Session, "run", watched)
    model, x = randomise(sequential(L.LSTM(4))), data(2, 5, 3)
    in_threads([lambda: lw.extract(model, x)] * 3)
    assert overlaps == [0, 0, 0]


def test_predict_in_another_thread_does_not_see_the_watch():
    """`inner_loop` is replaced on the class: every thread runs through our stand-in meanwhile."""
    one, other = models()
    x = data(6, 5, 3)
    expected = other.predict(x, verbose=0)
    _, predictions = in_threads(
        [
            lambda: [lw.extract(one, x) for _ in range(TURNS)],
            lambda: [np.asarray(other(x, training=False)) for _ in range(TURNS)],
        ]
    )
    for prediction in predictions:
        np.testing.assert_allclose(prediction, expected, atol=1e-6)


def test_an_extraction_may_start_inside_of_another_ones_callback():
    """The lock of a model is held by a thread, not by a call: the same thread must not block itself."""
    inner, x = randomise(sequential(L.LSTM(4))), data(2, 5, 3)
    found = []

    class Curious(L.Layer):
        def call(self, inputs):
            if not tf.is_symbolic_tensor(inputs):  # as it is while the model is built
                found.append(lw.extract(inner, x))
            return inputs

    outer = randomise(sequential(L.LSTM(3, return_sequences=True, name="before"), Curious(), L.GRU(2, name="after")))
    trace = lw.extract(outer, x)
    assert list(trace) == ["before", "after"]
    assert_traces_equal(found[0], lw.extract(inner, x))
