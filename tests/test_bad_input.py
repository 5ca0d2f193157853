"""Whatever is wrong: an error of our own that says what was found, and what to type instead."""

import types

import keras
import numpy as np
import pytest
import tensorflow as tf
from small_models import data, randomise, sequential

import lstm_widget as lw
from lstm_widget.capture.keras import recorder

L = keras.layers


@pytest.fixture(scope="module")
def model():
    return randomise(sequential(L.LSTM(4, name="lstm"), L.Dense(1)))


@pytest.fixture(scope="module")
def stateful():
    return keras.Sequential([keras.Input(batch_shape=(2, 5, 3)), L.LSTM(4, stateful=True)])


def keras_2_model():
    """A tf_keras model is no Keras 3 layer; what is known of it is where its class lives."""
    return types.new_class("Sequential", exec_body=lambda body: body.update(__module__="tf_keras.src.engine"))()


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ("model.keras", r"found a builtins\.str.*supported are Keras 3 models and recurrent layers"),
        (None, r"NoneType.*pass the model itself"),
        (keras_2_model(), r"tf_keras.*Keras 2.*load it with Keras 3"),
        (L.LSTMCell, r"supported are Keras 3 models"),
    ],
)
def test_not_a_model(found, said):
    with pytest.raises(lw.ModelError, match=said):
        lw.extract(found, data(2, 5, 3))


@pytest.mark.parametrize("unbuilt", [keras.Sequential([L.LSTM(4)]), L.LSTM(4)])
def test_not_built(unbuilt):
    with pytest.raises(lw.ModelError, match=r"not built.*train it, load its weights, or call it"):
        lw.extract(unbuilt, data(2, 5, 3))


def test_no_recurrent_layer():
    with pytest.raises(lw.ModelError, match=r"no recurrent layer did \(LSTM, GRU"):
        lw.extract(sequential(L.Dense(2)), data(2, 5, 3))


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        (data(2, 5, 4), r"shape \(2, 5, 4\).*it takes \(None, 5, 3\)"),
        (data(5, 3, 1), r"shape \(5, 3, 1\)"),
        (data(0, 5, 3), r"no rows.*at least one sample"),
        ([], "empty"),
        ({}, "empty"),
        (None, "None"),
        (1.5, r"single value .*\(samples, timesteps, features\)"),
        ("text", "single value"),
        (["some", "text"], "single value"),
        ([data(2, 5, 3), data(3, 5, 3)], r"different numbers of rows: \[2, 3\]"),
        (np.array([[1, 2], [3]], dtype=object), "all rows of one length"),
        (tf.ragged.constant([[1.0], [2.0, 3.0]]), r"RaggedTensor.*to_tensor"),
        (tf.sparse.from_dense(np.eye(3)), r"SparseTensor.*to_dense"),
        ((row for row in data(2, 5, 3)), "generator"),
        (tf.data.Dataset.from_tensor_slices(data(2, 5, 3)).batch(1).repeat(), r"never ends.*take\(n\)"),
        (tf.data.Dataset.from_tensor_slices(data(2, 5, 3)).batch(1).take(0), "data set is empty"),
    ],
)
def test_inputs_that_do_not_fit(model, inputs, said):
    with pytest.raises(lw.InputError, match=f"(?s){said}"):
        lw.extract(model, inputs)


def test_zero_timesteps():
    model = sequential(L.LSTM(4, name="lstm"), shape=(None, 3))
    with pytest.raises(lw.InputError, match=r"found an input of shape \(2, 0, 3\).*at least one timestep"):
        lw.extract(model, np.zeros((2, 0, 3), "float32"))


def test_batches_of_unequal_length():
    model = sequential(L.LSTM(4), shape=(None, 3))
    batches = [data(2, 5, 3), data(2, 6, 3)]
    unequal = tf.data.Dataset.from_generator(lambda: batches, output_signature=tf.TensorSpec((None, None, 3)))
    with pytest.raises(lw.InputError, match=r"differ in length; pad"):
        lw.extract(model, unequal)


@pytest.mark.parametrize("size", [0, -1, 2.5, "32", True])
def test_batch_size_that_is_none(model, size):
    with pytest.raises(lw.InputError, match=rf"batch_size={size!r} is not a positive integer"):
        lw.extract(model, data(2, 5, 3), batch_size=size)


def test_batch_size_beside_a_data_set(model):
    with pytest.raises(lw.InputError, match="leave batch_size out"):
        lw.extract(model, tf.data.Dataset.from_tensor_slices(data(2, 5, 3)).batch(1), batch_size=2)


def test_rows_that_do_not_fill_the_batches_of_a_stateful_model(stateful):
    with pytest.raises(lw.InputError, match=r"5 rows.*batches of 2.*pass 4 rows"):
        lw.extract(stateful, data(5, 5, 3))
    with pytest.raises(lw.InputError, match=r"1 rows.*pass 2 rows"):
        lw.extract(stateful, data(1, 5, 3))
    with pytest.raises(lw.InputError, match=r"batch_size=3 but the model takes batches of 2 only"):
        lw.extract(stateful, data(6, 5, 3), batch_size=3)


@pytest.mark.parametrize("samples", [[], [1.0], [True, False], "0", 1.5, slice(0, 2), object(), [0, [1, 2]], [[0, 1]]])
def test_samples_that_are_no_row_numbers(model, samples):
    with pytest.raises(lw.InputError, match=r"give row numbers of the inputs, 0 to 3, such as samples=\[0, 1\]"):
        lw.extract(model, data(4, 5, 3), samples=samples)


@pytest.mark.parametrize(("samples", "wrong"), [([0, 4], 4), (-1, -1), ([99], 99)])
def test_samples_out_of_range(model, samples, wrong):
    with pytest.raises(lw.InputError, match=f"{wrong} is not among the rows of the inputs, 0 to 3"):
        lw.extract(model, data(4, 5, 3), samples=samples)


def test_samples_named_twice(model):
    with pytest.raises(lw.InputError, match="names a row twice"):
        lw.extract(model, data(4, 5, 3), samples=[1, 0, 1])


def test_samples_of_a_stateful_model_are_rows_of_its_batch(stateful):
    with pytest.raises(lw.InputError, match="2 is not among the rows of the batch of this stateful model, 0 to 1"):
        lw.extract(stateful, data(6, 5, 3), samples=[2])


def test_layers_that_ask_for_nothing(model):
    with pytest.raises(lw.InputError, match=r"layers=\[\] asks for nothing"):
        lw.extract(model, data(2, 5, 3), layers=[])


@pytest.mark.parametrize("layers", ["lstn", ["lstm", "lstn"], ["lstm#2"], 5, L.LSTM(3, name="lstn")])
def test_a_layer_that_does_not_run(model, layers):
    with pytest.raises(lw.LayerNotFoundError, match=r"no recurrent layer .* ran; those that did are 'lstm'$"):
        lw.extract(model, data(2, 5, 3), layers=layers)


class OwnCell(L.Layer):
    """Coupled gates: not an LSTM, whatever it looks like."""

    def __init__(self, units):
        super().__init__()
        self.units = self.state_size = self.output_size = units
        self.dense = L.Dense(units)

    def call(self, inputs, states):
        new = keras.ops.tanh(self.dense(inputs) + states[0])
        return new, [new]


class ChangedCell(L.LSTMCell):
    def call(self, inputs, states, training=False):
        output, new = super().call(inputs, states, training)
        return output * 0.5, new


@pytest.mark.parametrize("cell", [OwnCell, ChangedCell])
def test_a_cell_of_the_users_own_is_refused_by_name_and_can_be_left_out(cell):
    model = sequential(L.LSTM(4, return_sequences=True, name="plain"), L.RNN(cell(3), name="odd"))
    with pytest.raises(lw.UnsupportedLayerError, match=rf"'odd'.*{cell.__name__}.*layers=\[") as caught:
        lw.extract(model, data(2, 5, 3))
    assert isinstance(caught.value, lw.LSTMWidgetError)
    assert list(lw.extract(model, data(2, 5, 3), layers=["plain"])) == ["plain"]


def test_conv_lstm_is_refused_by_name_and_can_be_left_out():
    i = keras.Input((4, 6, 6, 1))
    pictures = L.ConvLSTM2D(2, 3, name="pictures")(i)
    flat = L.GRU(3, name="flat")(L.Reshape((4, 36))(i))
    model = keras.Model(i, [pictures, flat])
    with pytest.raises(lw.UnsupportedLayerError, match=r"'pictures'.*layers=\["):
        lw.extract(model, data(2, 4, 6, 6, 1))
    assert list(lw.extract(model, data(2, 4, 6, 6, 1), layers="flat")) == ["flat"]


def test_zero_timesteps_further_down():
    model = sequential(L.Cropping1D((0, 5)), L.LSTM(4, name="lstm"), shape=(None, 3))
    with pytest.raises(lw.InputError):
        lw.extract(model, data(2, 5, 3))


def test_dropout_that_is_always_on_is_refused():
    class MonteCarlo(keras.Model):
        def __init__(self):
            super().__init__()
            self.noisy = L.LSTM(4, dropout=0.5, name="noisy")

        def call(self, inputs):
            return self.noisy(inputs, training=True)

    model = MonteCarlo()
    model(data(2, 5, 3))
    with pytest.raises(lw.UnsupportedLayerError, match=r"'noisy' was called with training=True.*training=False"):
        lw.extract(model, data(2, 5, 3))


def test_a_layer_that_runs_only_in_some_batches_is_refused():
    class Sometimes(keras.Model):
        def __init__(self):
            super().__init__()
            self.always, self.rarely = L.LSTM(4, name="always"), L.GRU(4, name="rarely")

        def call(self, inputs):
            h = self.always(inputs)
            return h if inputs.shape[0] == 1 else h + self.rarely(inputs)

    model = Sometimes()
    model(data(2, 5, 3))
    with pytest.raises(lw.UnsupportedLayerError, match=r"'rarely' ran in 1 of 2 batches; leave it out"):
        lw.extract(model, data(3, 5, 3), batch_size=2)


def test_weights_that_change_while_the_model_runs(monkeypatch):
    """As by training in another thread: straight into TensorFlow's variable, past the scope of this thread."""

    class Trained(recorder.LayerLoop):
        def __call__(self, *args):
            result = super().__call__(*args)
            self._layer.cell.bias._value.assign_add(tf.ones_like(self._layer.cell.bias._value))
            return result

    monkeypatch.setattr(recorder, "LayerLoop", Trained)
    model = randomise(sequential(L.LSTM(4, name="restless")))
    with pytest.raises(lw.ModelChangedError, match=r"'restless' changed while it ran.*from a callback"):
        lw.extract(model, data(2, 5, 3))
