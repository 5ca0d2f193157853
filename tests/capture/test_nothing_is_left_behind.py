"""A model is bit for bit as before, and so are the classes of Keras and TensorFlow; also after an error."""

import gc

import keras
import numpy as np
import pytest
import tensorflow as tf
from small_models import assert_same, data, randomise, sequential, snapshot

import lstm_widget as lw
from lstm_widget import memory

L = keras.layers


def everything():
    """Dropout with its seeds, stored states, losses of both sorts, an optimizer with slots."""

    class Penalty(L.Layer):
        def call(self, inputs):
            self.add_loss(keras.ops.sum(inputs) * 1e-3)
            return inputs

    recurrent = {"stateful": True, "dropout": 0.3, "recurrent_dropout": 0.3}
    model = keras.Sequential(
        [
            keras.Input(batch_shape=(2, 4, 3)),
            L.LSTM(4, return_sequences=True, activity_regularizer="l2", name="first", **recurrent),
            L.Bidirectional(L.GRU(3, return_sequences=True), name="both"),
            L.TimeDistributed(L.Dense(3)),
            Penalty(),
            L.Dropout(0.5),
            L.SimpleRNN(2, name="last", **recurrent),
        ]
    )
    randomise(model)
    model.compile("adam", "mse")
    model.fit(data(4, 4, 3), data(4, 2), batch_size=2, epochs=1, verbose=0, shuffle=False)
    return model


def watched_places():
    """All that `dispatch` replaces while it watches."""
    classes = [L.RNN, L.LSTM, L.GRU, L.SimpleRNN, L.Bidirectional, L.TimeDistributed, type(tf.function(lambda: None))]
    return {(owner, name): value for owner in classes for name, value in vars(owner).items()}


def test_after_an_extraction():
    model, places = everything(), watched_places()
    before = snapshot(model)
    lw.extract(model, data(6, 4, 3))
    assert_same(before, snapshot(model))
    assert watched_places() == places


def test_after_an_error_in_the_second_layer():
    class Odd(L.LSTMCell):
        def call(self, inputs, states, training=False):
            return super().call(inputs, states, training)

    model = keras.Sequential(
        [
            keras.Input(batch_shape=(2, 4, 3)),
            L.LSTM(4, return_sequences=True, stateful=True, dropout=0.5, name="good"),
            L.RNN(Odd(3), name="odd"),
        ]
    )
    model.predict(data(2, 4, 3), batch_size=2, verbose=0)
    before, places = snapshot(model), watched_places()
    with pytest.raises(lw.UnsupportedLayerError, match="odd"):
        lw.extract(model, data(2, 4, 3))
    assert_same(before, snapshot(model))
    assert watched_places() == places


def test_after_running_out_of_memory(monkeypatch):
    model, places = everything(), watched_places()
    before = snapshot(model)
    monkeypatch.setattr(memory, "free_bytes", lambda: 2000)
    with pytest.raises(lw.TraceTooLargeError):
        lw.extract(model, data(6, 4, 3))
    assert_same(before, snapshot(model))
    assert watched_places() == places


def test_after_an_error_of_the_models_own():
    class Fails(L.Layer):
        def call(self, inputs):
            if not tf.is_symbolic_tensor(inputs):  # as it is while the model is built
                msg = "not today"
                raise ZeroDivisionError(msg)
            return inputs

    i = keras.Input(batch_shape=(2, 4, 3))
    model = keras.Model(i, Fails()(L.LSTM(4, stateful=True, dropout=0.2)(i)))
    before, places = snapshot(model), watched_places()
    with pytest.raises(lw.InputError, match=r"(?s)ZeroDivisionError.*not today"):
        lw.extract(model, data(2, 4, 3))
    assert_same(before, snapshot(model))
    assert watched_places() == places


def test_after_an_interrupt(monkeypatch):
    """Ctrl-C in a notebook, in the middle of a layer."""
    model, places = everything(), watched_places()
    before = snapshot(model)

    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr(memory, "free_bytes", interrupted)
    with pytest.raises(KeyboardInterrupt):
        lw.extract(model, data(6, 4, 3))
    assert_same(before, snapshot(model))
    assert watched_places() == places


def trained(*, extracting):
    keras.utils.set_random_seed(5)
    model = sequential(
        L.LSTM(4, return_sequences=True, dropout=0.3, recurrent_dropout=0.3),
        L.Bidirectional(L.GRU(3, dropout=0.3)),
        L.Dropout(0.3),
        L.Dense(1),
    )
    model.compile("adam", "mse")
    x, y = data(16, 5, 3), data(16, 1)
    model.fit(x, y, epochs=1, batch_size=8, verbose=0)
    if extracting:
        lw.extract(model, x[:4])
        with pytest.raises(lw.LSTMWidgetError):
            lw.extract(model, x, layers=["none of this name"])
    history = model.fit(x, y, epochs=2, batch_size=8, verbose=0).history["loss"]
    return model.get_weights(), history


def test_training_goes_on_bit_for_bit():
    (weights, losses), (weights_with, losses_with) = trained(extracting=False), trained(extracting=True)
    assert losses == losses_with
    for one, other in zip(weights, weights_with, strict=True):
        np.testing.assert_array_equal(one, other)


def test_extraction_from_a_callback():
    x, seen = data(8, 5, 3), []

    class Look(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            seen.append(lw.extract(self.model, x).only["f"])

    model = sequential(L.LSTM(4, dropout=0.2), L.Dense(1))
    model.compile("adam", "mse")
    model.fit(x, data(8, 1), epochs=3, verbose=0, callbacks=[Look()])
    assert len(seen) == 3
    assert not np.array_equal(seen[0], seen[2])
    np.testing.assert_array_equal(lw.extract(model, x).only["f"], seen[2])


def test_names_of_new_layers_count_on_as_before():
    model = sequential(L.Bidirectional(L.LSTM(4)))
    number = int(L.LSTM(2).name.rpartition("_")[2])
    lw.extract(model, data(2, 5, 3))
    assert L.LSTM(2).name == f"lstm_{number + 1}"


def test_a_compiled_model_keeps_what_compile_left_open():
    model = sequential(L.LSTM(4), L.Dense(1))
    model.compile("adam", "mse")
    before = {name: value for name, value in vars(model).items() if name.startswith("_jit")}
    lw.extract(model, data(2, 5, 3))
    assert {name: value for name, value in vars(model).items() if name.startswith("_jit")} == before


def test_losses_of_the_users_last_call_stay():
    """Keras clears them at each call; somebody may be between the forward pass and the sum of the losses."""
    model = sequential(L.LSTM(4, activity_regularizer="l2"))
    model(data(2, 5, 3))
    (before,) = model.losses
    lw.extract(model, data(3, 5, 3))
    (after,) = model.losses
    assert before is after


def graphs():
    """How many functions TensorFlow holds."""
    gc.collect()
    return sum(type(thing).__name__ == "FuncGraph" for thing in gc.get_objects())


def test_many_shapes_and_many_models_leave_no_functions():
    def new():
        return sequential(L.LSTM(3), shape=(None, 2))

    def extract(model, timesteps):
        lw.extract(model, np.ones((1, timesteps, 2), "float32"))
        return graphs()

    # What is compiled once for all is not counted.
    extract(new(), 5)
    before = graphs()
    model = new()
    counts = [extract(model, timesteps) for timesteps in range(5, 17)]
    assert counts[-1] == counts[-4], "those of the last few shapes are kept, and no more"
    for _ in range(4):
        model = new()
        extract(model, 5)
    del model
    assert graphs() <= before
