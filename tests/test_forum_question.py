"""The question of the forums since 2015, literally: the gates and the cell of a stateful LSTM, step by step."""

import keras
import numpy as np
import pytest

import lstm_widget as lw


@pytest.fixture(scope="module")
def trained():
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    model = keras.Sequential(
        [
            keras.Input(batch_shape=(1, 1, 1)),
            keras.layers.LSTM(10, stateful=True),
            keras.layers.Dense(2, activation="softmax"),
        ]
    )
    model.compile("adam", "categorical_crossentropy")
    for _ in range(10):
        series, label = rng.normal(size=(5, 1, 1)), np.eye(2)[[int(rng.integers(2))] * 5]
        model.fit(series, label, batch_size=1, epochs=1, shuffle=False, verbose=0)
        model.layers[0].reset_state()
    return model, rng.normal(size=(5, 1, 1)).astype("float32")


def test_six_arrays_of_five_steps_and_ten_units(trained):
    model, x_test = trained
    lstm = lw.extract(model, x_test).only
    for name in ("input_gate", "forget_gate", "cell_candidate", "output_gate", "cell_state", "hidden_state"):
        assert getattr(lstm, name).shape == (1, 5, 10)
    np.testing.assert_array_equal(lstm.inputs[0, :, 0], x_test[:, 0, 0])


def test_h_is_what_predict_gives_step_by_step(trained):
    model, x_test = trained
    lstm = model.layers[0]
    trace = lw.extract(model, x_test)
    lstm.reset_state()
    for t in range(5):
        probabilities = model.predict(x_test[t : t + 1], verbose=0)
        h, c = (np.asarray(keras.ops.convert_to_numpy(state)) for state in lstm.states)
        np.testing.assert_allclose(trace.only["h"][0, t], h[0], atol=1e-6)
        np.testing.assert_allclose(trace.only["c"][0, t], c[0], atol=1e-6)
        np.testing.assert_allclose(trace.outputs[t], probabilities[0], atol=1e-6)
    lstm.reset_state()


def test_stored_states_are_untouched(trained):
    model, x_test = trained
    lstm = model.layers[0]
    model.predict(x_test[:1], verbose=0)
    before = [np.array(keras.ops.convert_to_numpy(state)) for state in lstm.states]
    assert all(state.any() for state in before)
    lw.extract(model, x_test)
    for one, other in zip(before, lstm.states, strict=True):
        np.testing.assert_array_equal(one, keras.ops.convert_to_numpy(other))
    lstm.reset_state()
