"""Everything that predict takes as inputs, beside one array."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from small_models import data, randomise, sequential

import lstm_widget as lw

L = keras.layers


@pytest.fixture
def two_inputs():
    i, j = keras.Input((5, 3), name="sound"), keras.Input((5, 2), name="light")
    model = keras.Model({"sound": i, "light": j}, L.LSTM(4, name="lstm")(L.Concatenate()([i, j])))
    return randomise(model)


def test_a_dict_of_arrays(two_inputs):
    x = {"sound": data(3, 5, 3), "light": data(3, 5, 2)}
    trace = lw.extract(two_inputs, x)
    np.testing.assert_array_equal(trace.inputs["light"], x["light"])
    np.testing.assert_array_equal(trace.only.inputs, np.concatenate([x["sound"], x["light"]], axis=-1))
    np.testing.assert_allclose(trace.outputs, two_inputs.predict(x, verbose=0), atol=1e-6)


def test_the_order_of_a_dict_does_not_matter(two_inputs):
    sound, light = data(3, 5, 3), data(3, 5, 2)
    one = lw.extract(two_inputs, {"sound": sound, "light": light})
    other = lw.extract(two_inputs, {"light": light, "sound": sound})
    np.testing.assert_array_equal(one.only["h"], other.only["h"])


def test_a_list_of_arrays_and_several_outputs():
    i, j = keras.Input((5, 3)), keras.Input((5, 3))
    model = keras.Model([i, j], {"a": L.LSTM(4, name="a")(i), "b": L.GRU(2, name="b")(j)})
    x, y = data(3, 5, 3, seed=1), data(3, 5, 3, seed=2)
    trace = lw.extract(model, [x, y], batch_size=2)
    np.testing.assert_array_equal(trace["b"].inputs, y)
    assert {name: array.shape for name, array in trace.outputs.items()} == {"a": (3, 4), "b": (3, 2)}


@pytest.mark.parametrize("with_labels", [False, True])
def test_a_data_set_keeps_its_own_batches(with_labels):
    model, x = randomise(sequential(L.LSTM(4))), data(7, 5, 3)
    source = (x, np.zeros(7)) if with_labels else x
    whole = lw.extract(model, x)
    trace = lw.extract(model, tf.data.Dataset.from_tensor_slices(source).batch(3))
    np.testing.assert_array_equal(trace.inputs, x)
    np.testing.assert_allclose(trace.only["c"], whole.only["c"], atol=1e-6)
    assert "3 times over" in trace.only.certificate.compared


def test_a_data_set_of_float64_is_not_rounded_first():
    """Arrays are made float32 by predict; elements of a data set are not."""
    model = randomise(sequential(L.LSTM(4, dtype="float64"), dtype="float64"))
    x = np.random.default_rng(0).normal(size=(3, 5, 3))
    from_data_set = lw.extract(model, tf.data.Dataset.from_tensor_slices(x).batch(3))
    np.testing.assert_array_equal(from_data_set.only.inputs, x)
    from_array = lw.extract(model, x)
    np.testing.assert_array_equal(from_array.only.inputs, x.astype("float32"))
    np.testing.assert_allclose(from_array.outputs, model.predict(x, verbose=0), atol=1e-14)


def test_a_py_dataset():
    class Pieces(keras.utils.PyDataset):
        def __len__(self):
            return 2

        def __getitem__(self, index):
            return data(3, 5, 3, seed=index), np.zeros(3)

    trace = lw.extract(randomise(sequential(L.LSTM(4))), Pieces())
    np.testing.assert_array_equal(trace.only.inputs, np.concatenate([data(3, 5, 3, seed=k) for k in range(2)]))


def test_integers_and_tensors():
    model = randomise(sequential(L.LSTM(4)))
    ones = np.ones((2, 5, 3), int)
    np.testing.assert_array_equal(
        lw.extract(model, ones).only["h"], lw.extract(model, tf.constant(ones, "float32")).only["h"]
    )


def test_inputs_of_the_trace_are_a_copy():
    model, x = randomise(sequential(L.LSTM(4))), data(2, 5, 3)
    trace = lw.extract(model, x)
    x[:] = 99
    assert abs(trace.inputs).max() < 99
    assert abs(trace.only.inputs).max() < 99
