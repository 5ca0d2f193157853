"""A model whose call is under the user's own @tf.function: right numbers, and later calls behave as before."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from small_models import against_reference, data

import lstm_widget as lw

L = keras.layers


def plain_model(*, stateful):
    class Plain(keras.Model):
        def __init__(self):
            super().__init__()
            self.lstm = L.LSTM(4, stateful=stateful, name="lstm")
            # Here, because a decorated call may create nothing the second time.
            self.lstm.build((2, 5, 3))
            rng = np.random.default_rng(0)
            self.lstm.set_weights([rng.normal(size=w.shape) for w in self.lstm.get_weights()])
            self.traces = 0
            self.built = True

        def call(self, inputs):
            self.traces += 1
            return self.lstm(inputs)

    return Plain


def decorated_model(*, stateful):
    plain = plain_model(stateful=stateful)

    class Decorated(plain):
        @tf.function
        def call(self, inputs):
            return plain.call(self, inputs)

    return Decorated()


@pytest.mark.parametrize("calls_before", [0, 1, 2])
@pytest.mark.parametrize("stateful", [False, True])
def test_right_numbers_and_later_calls_as_ever(stateful, calls_before):
    """Traced for the first time inside our scope, a state would never advance again, and nobody would notice."""
    plain, x = plain_model(stateful=stateful)(), data(2, 5, 3)
    expected = [np.asarray(plain(x)) for _ in range(calls_before + 2)]

    model = decorated_model(stateful=stateful)
    found = [np.asarray(model(x)) for _ in range(calls_before)]
    trace = lw.extract(model, x)
    against_reference(trace["lstm"], model.lstm.cell)
    np.testing.assert_allclose(trace.outputs, expected[calls_before], atol=1e-6)
    found += [np.asarray(model(x)) for _ in range(2)]
    for ours, right in zip(found, expected, strict=True):
        np.testing.assert_allclose(ours, right, atol=1e-6)
    # Where there is a state, each call goes on from the last one.
    assert np.allclose(found[-1], found[-2]) == (not stateful)


def test_a_decorated_function_is_not_traced_anew_afterwards():
    model, x = decorated_model(stateful=False), data(2, 5, 3)
    model(x)
    count = model.traces
    lw.extract(model, x)
    ran_eagerly = model.traces - count
    model(x)
    assert model.traces == count + ran_eagerly


def test_a_decorated_helper_with_a_signature():
    class Helper(keras.Model):
        def __init__(self):
            super().__init__()
            self.gru = L.GRU(4, name="gru", return_sequences=True)

        @tf.function(input_signature=[tf.TensorSpec([None, None, 3], tf.float32)], jit_compile=False)
        def encode(self, inputs):
            return self.gru(inputs)

        def call(self, inputs):
            return tf.reduce_sum(self.encode(inputs), axis=1)

    model, x = Helper(), data(2, 5, 3)
    model(x)
    trace = lw.extract(model, x)
    against_reference(trace["gru"], model.gru.cell)
    np.testing.assert_allclose(trace.outputs, np.asarray(model(x)), atol=1e-5)


def test_a_layer_inside_of_a_graph_is_refused_with_the_way_out():
    class Mapped(keras.Model):
        def __init__(self):
            super().__init__()
            self.lstm = L.LSTM(4, name="lstm")

        def call(self, inputs):
            return tf.map_fn(lambda row: self.lstm(row[None])[0], inputs)

    class Vectorised(Mapped):
        def call(self, inputs):
            return tf.vectorized_map(lambda row: self.lstm(row[None])[0], inputs)

    x = data(2, 5, 3)
    model = Mapped()
    model(x)
    # Eagerly, map_fn is a Python loop: each row is a call.
    with pytest.raises(lw.UnsupportedLayerError, match="1 samples where the batch has 2 rows"):
        lw.extract(model, x)
    model = Vectorised()
    model.lstm.build((None, 5, 3))
    model.built = True
    with pytest.raises(lw.UnsupportedLayerError, match=r"'lstm' ran inside a graph.*extract\(layer"):
        lw.extract(model, x)
