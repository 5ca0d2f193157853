"""What the model answers along time: only where its last answer is the model's own."""

import keras
import numpy as np
import pytest

import lstm_widget as lw
from lstm_widget.serving.answering import answering


@pytest.fixture
def x():
    return np.random.default_rng(0).normal(size=(3, 12, 2)).astype("float32")


def traced(x, *layers):
    keras.utils.set_random_seed(0)
    return lw.extract(keras.Sequential([keras.Input(x.shape[1:]), *layers]), x)


def told(trace, sample=1, target=None, layer=None):
    return answering(trace, trace.only if layer is None else trace[layer], sample, target)


def test_so_far_is_what_the_model_says_to_the_beginning_alone(x):
    layers = [keras.layers.LSTM(4), keras.layers.Dense(5, activation="tanh"), keras.layers.Dense(3, "softmax")]
    model = keras.Sequential([keras.Input((None, 2)), *layers])
    found = told(lw.extract(model, x))
    assert (found.kind, found.probabilities, found.names) == ("so far", True, ["class 0", "class 1", "class 2"])
    for t in (0, 5, 11):
        np.testing.assert_allclose(found.lines[t], model.predict(x[1:2, : t + 1], verbose=0)[0], atol=1e-6)
    assert found.error < 1e-6


def test_a_head_that_is_not_the_model_is_not_shown(x):
    trace = traced(x, keras.layers.LSTM(4), keras.layers.Dense(1))
    trace.outputs[1] += 0.01
    assert told(trace) is None
    assert told(trace, sample=0) is not None


@pytest.mark.parametrize(
    "layers",
    [
        lambda: [keras.layers.Bidirectional(keras.layers.LSTM(4)), keras.layers.Dense(1)],
        lambda: [keras.layers.LSTM(4, go_backwards=True), keras.layers.Dense(1)],
        lambda: [keras.layers.LSTM(4), keras.layers.LayerNormalization(), keras.layers.Dense(1)],
    ],
    ids=["two directions", "backward", "more than Dense layers"],
)
def test_without_a_head_that_reads_the_last_h_there_is_none(x, layers):
    trace = traced(x, *layers())
    assert all(told(trace, layer=name) is None for name in trace)


def test_dropout_between_changes_nothing_in_inference(x):
    found = told(traced(x, keras.layers.LSTM(4), keras.layers.Dropout(0.5), keras.layers.Dense(1)))
    assert found is None or found.error < 1e-6


def test_an_answer_a_timestep_is_the_models_own(x):
    trace = traced(x, keras.layers.LSTM(4, return_sequences=True), keras.layers.Dense(2))
    found = told(trace, target=np.arange(24.0).reshape(12, 2))
    assert (found.kind, found.names, found.error) == ("timestep", ["output 0", "output 1"], None)
    np.testing.assert_array_equal(found.lines, trace.outputs[1])
    np.testing.assert_array_equal(found.expected, np.arange(24.0).reshape(12, 2))


def test_one_output_may_leave_its_axis_out(x):
    trace = traced(x, keras.layers.LSTM(4, return_sequences=True), keras.layers.Dense(1))
    for target in (np.arange(12.0), np.arange(12.0)[:, None]):
        np.testing.assert_array_equal(told(trace, target=target).expected, np.arange(12.0)[:, None])


@pytest.mark.parametrize("form", ["numbers", "a column", "one-hot"])
def test_classes_a_timestep_are_places_among_the_lines(x, form):
    trace = traced(x, keras.layers.LSTM(4, return_sequences=True), keras.layers.Dense(12, activation="softmax"))
    numbers = np.arange(12) % 3
    target = {"numbers": numbers, "a column": numbers[:, None], "one-hot": np.eye(12)[numbers]}[form]
    found = told(trace, target=target)
    assert [found.names[int(place)] for place in found.expected[:, 0]] == [f"class {k}" for k in numbers]
    assert found.target is None


def test_a_one_hot_target_of_a_sequence_is_a_class_though_there_are_as_many_timesteps(x):
    trace = traced(x, keras.layers.LSTM(4), keras.layers.Dense(12, activation="softmax"))
    found = told(trace, target=np.eye(12)[5])
    assert found.expected is None
    assert found.names[int(found.target)] == "class 5"


def test_a_class_is_no_value_among_outputs_that_are_no_probabilities(x):
    trace = traced(x, keras.layers.LSTM(4), keras.layers.Dense(3))
    assert told(trace, target=2).target is None


def test_of_many_classes_the_ones_that_matter(x):
    trace = traced(x, keras.layers.LSTM(4), keras.layers.Dense(50, activation="softmax"))
    rarest = int(trace.outputs[1].argmin())
    found = told(trace, target=rarest)
    assert len(found.names) == 6
    assert f"class {rarest}" in found.names
    assert f"class {trace.outputs[1].argmax()}" in found.names
    assert found.names[int(found.target)] == f"class {rarest}"


@pytest.mark.parametrize("target", ["point", None, 7, -1, float("nan")])
def test_odd_targets_are_no_target(x, target):
    trace = traced(x, keras.layers.LSTM(4), keras.layers.Dense(3, activation="softmax"))
    found = told(trace, target=target)
    assert found.target is None or np.isnan(found.target)


def test_what_is_saved_answers_as_before(x, tmp_path):
    trace = traced(x, keras.layers.LSTM(4), keras.layers.Dense(3, activation="softmax"))
    trace.save(tmp_path / "t.npz")
    np.testing.assert_array_equal(told(lw.Trace.load(tmp_path / "t.npz")).lines, told(trace).lines)


def test_padded_targets_are_not_expected(x):
    trace = traced(x, keras.layers.LSTM(4, return_sequences=True), keras.layers.Dense(3, "softmax"))
    targets = np.array([[0, 1, 2] * 3 + [-1] * 3] * 3)
    found = told(trace, target=targets[1])
    np.testing.assert_array_equal(found.expected[:, 0], [0, 1, 2] * 3 + [np.nan] * 3)
    # Which sample is the worst depends on what is expected alone.
    trace.outputs[2, 9:] = [1, 0, 0]
    trace.outputs[0, :9] = 1 / 3
    trace.outputs[1:, :9] = np.eye(3)[targets[0, :9]]
    assert lw.LSTMWidget(trace, targets=targets).sample == 0
