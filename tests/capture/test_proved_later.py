"""A run is proved against the weights that it had, whatever has become of the model by then."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from proved_later import assert_proved_later_alike, taken
from small_models import LAYERS, assert_same, data, randomise, sequential, snapshot

import lstm_widget as lw
from lstm_widget import extract, extraction
from lstm_widget.capture.keras import recorder
from lstm_widget.extraction import Extractor

L = keras.layers
LATER = [
    *({"kind": kind, **options} for kind in LAYERS for options in ({}, {"use_bias": False}, {"dtype": "float64"})),
    *({"kind": kind, "dtype": "mixed_bfloat16"} for kind in LAYERS),
    {"kind": "gru", "reset_after": False, "go_backwards": True},
    {"kind": "lstm", "unroll": True, "activation": "relu"},
    {"kind": "lstm", "activation": "PReLU"},
    {"kind": "gru", "recurrent_activation": "PReLU"},
]


@pytest.fixture
def only_traced(monkeypatch):
    """A model that is not traced at the second call is an error."""
    first = []

    def only_once(**wanted):
        assert not first, "it was not traced"
        first.append(wanted)
        return extract(**wanted)

    monkeypatch.setattr(extraction, "extract", only_once)


@pytest.mark.parametrize("memory", ["told", "computed"])
@pytest.mark.parametrize("options", LATER, ids=str)
def test_of_other_weights_in_another_thread(options, memory, monkeypatch, only_traced):
    if memory == "computed":
        monkeypatch.setattr(recorder.memory, "free_bytes", lambda: 20_000)
    weighted = L.PReLU(alpha_initializer="ones")
    made = {name: weighted if value == "PReLU" else value for name, value in options.items() if name != "kind"}
    model, x = sequential(LAYERS[options["kind"]](4, **made), L.Dense(1)), data(8, 5, 3)
    model.predict(x, verbose=0)  # Keras builds an activation with weights when it first runs
    randomise(model)
    assert_proved_later_alike(model, x, extract(model, x))


def under_a_mask():
    i = keras.Input((6, 3))
    x = data(4, 6, 3)
    x[0, 3:] = 0
    both = L.Bidirectional(L.LSTM(4, return_sequences=True, zero_output_for_mask=True))
    return keras.Model(i, L.GRU(3)(both(L.Masking()(i)))), x


def with_batch_normalization():
    return sequential(L.LSTM(4, return_sequences=True), L.BatchNormalization(), L.Dropout(0.5), L.SimpleRNN(2)), None


def an_encoder_and_a_decoder():
    i, j = keras.Input((5, 3), name="i"), keras.Input((4, 2), name="j")
    _, *states = L.LSTM(4, return_state=True)(i)
    outputs = {"all": L.LSTM(4, return_sequences=True)(j, initial_state=states), "last": states[0]}
    return keras.Model({"i": i, "j": j}, outputs), {"i": data(3, 5, 3), "j": data(3, 4, 2)}


def stateful_in_one_batch():
    return keras.Sequential([keras.Input(batch_shape=(2, 5, 3)), L.LSTM(4, stateful=True, dropout=0.2)]), data(2, 5, 3)


def words_of_which_few_are_trained_at_a_time():
    return keras.Sequential([keras.Input((6,), dtype="int32"), L.Embedding(9, 3, mask_zero=True), L.LSTM(4)]), (
        np.random.default_rng(0).integers(0, 9, (3, 6))
    )


def more_rows_than_a_batch():
    return sequential(L.LSTM(2), L.Dense(1)), data(70, 5, 3)


def compiled_by_xla():
    model = sequential(L.GRU(4), L.Dense(1))
    model.compile("sgd", "mse", jit_compile=True)
    return model, None


TRACED = (
    *(under_a_mask, with_batch_normalization, an_encoder_and_a_decoder, stateful_in_one_batch),
    *(words_of_which_few_are_trained_at_a_time, more_rows_than_a_batch, compiled_by_xla),
)


@pytest.mark.parametrize("build", TRACED)
def test_what_is_traced(build, only_traced):
    model, inputs = build()
    randomise(model)
    inputs = data(4, 5, 3) if inputs is None else inputs
    now = extract(model, inputs)
    before = snapshot(model)
    assert_proved_later_alike(model, inputs, now)
    assert_same(before, snapshot(model))


def test_embeddings_that_are_trained_sparsely_stay_what_they_were(only_traced):
    """Only the rows of a batch are written to, and in place."""
    model, x = words_of_which_few_are_trained_at_a_time()
    model.compile(keras.optimizers.SGD(1.0), "mse")
    now, later = extract(model, x), taken(model, x)
    model.fit(x, data(3, 4), epochs=2, verbose=0)
    np.testing.assert_array_equal(later().only.inputs, now.only.inputs)
    assert not np.array_equal(extract(model, x).only.inputs, now.only.inputs)


class Untracked(keras.Model):
    """Keras does not look into a function."""

    def __init__(self, **options):
        super().__init__()
        hidden = L.LSTM(4, name="hidden", **options)
        self.hidden = lambda: hidden

    def call(self, inputs):
        return self.hidden()(inputs)


@pytest.mark.parametrize("options", [{}, {"implementation": 1}, {"activation": "gelu"}], ids=str)
def test_a_layer_that_keras_does_not_track(options, only_traced):
    model, x = Untracked(**options), data(3, 5, 3)
    model(x)
    assert not model.weights
    now, later = extract(model, x), taken(model, x)
    randomise(model.hidden())
    np.testing.assert_array_equal(later().only["f"], now.only["f"])


def own_activation():
    return sequential(L.LSTM(4, activation=lambda z: keras.ops.tanh(1.5 * z))), None


def time_distributed():
    return sequential(L.TimeDistributed(L.LSTM(4)), shape=(2, 5, 3)), data(3, 2, 5, 3)


def stateful_in_two_batches():
    return keras.Sequential([keras.Input(batch_shape=(2, 5, 3)), L.LSTM(4, stateful=True)]), data(4, 5, 3)


def run_eagerly():
    model = sequential(L.LSTM(4))
    model.compile("sgd", "mse", run_eagerly=True)
    return model, None


def looked_at_in_python():
    class Scaled(L.Layer):
        def call(self, inputs):
            return inputs * (
                1.0 if tf.is_symbolic_tensor(inputs) and inputs.shape[0] is None else float(inputs[0, 0, 0])
            )

    return sequential(Scaled(), L.LSTM(4)), None


def keeps_count():
    """Of what it has seen, from one batch to the next."""

    class Counted(L.Layer):
        def build(self, shape):
            self.count = self.add_weight(shape=(), initializer="zeros", trainable=False)

        def call(self, inputs):
            self.count.assign_add(1.0)
            return inputs * self.count

    return sequential(Counted(), L.LSTM(2)), data(70, 5, 3)


def functions_run_eagerly():
    tf.config.run_functions_eagerly(True)
    return sequential(L.LSTM(4)), None


NOT_TRACED = (
    *(own_activation, time_distributed, stateful_in_two_batches, keeps_count),
    *(run_eagerly, functions_run_eagerly, looked_at_in_python),
)


@pytest.mark.parametrize("build", NOT_TRACED)
def test_what_is_not_traced_is_proved_at_once(build, monkeypatch, request):
    eager = tf.config.functions_run_eagerly()
    request.addfinalizer(lambda: tf.config.run_functions_eagerly(eager))
    model, inputs = build()
    randomise(model)
    inputs = data(4, 5, 3) if inputs is None else inputs
    calls = []
    monkeypatch.setattr(extraction, "extract", lambda *args, **options: calls.append(args) or extract(*args, **options))
    before = snapshot(model)
    assert_proved_later_alike(model, inputs, extract(model, inputs))
    assert len(calls) == 2
    assert_same(before, snapshot(model))


def test_weights_that_xla_trains_stay_what_they_were(only_traced):
    """It may write its results into what it was given."""
    model, x = compiled_by_xla()[0], data(4, 5, 3)
    randomise(model)
    now, later = extract(model, x), taken(model, x)
    model.fit(x, data(4, 1), epochs=3, verbose=0)
    np.testing.assert_array_equal(later().only.weights["candidate"].kernel, now.only.weights["candidate"].kernel)
    assert not np.array_equal(extract(model, x).only["h"], now.only["h"])


def test_only_some_layers(only_traced):
    model, x = sequential(L.LSTM(4, return_sequences=True, name="a"), L.GRU(2, name="b")), data(3, 5, 3)
    trace = taken(model, x, layers=["b"])()
    assert list(trace) == ["b"]
    np.testing.assert_array_equal(trace["b"]["h"], extract(model, x, layers="b")["b"]["h"])


def test_the_models_own_error_names_the_inputs():
    class Checked(L.Layer):
        def build(self, shape):
            self.limit = self.add_weight(shape=(), initializer="ones")

        def call(self, inputs):
            tf.debugging.assert_less(tf.reduce_max(inputs) * 0, self.limit, message="above the limit")
            return inputs

    model, x = sequential(Checked(), L.LSTM(2)), data(2, 5, 3)
    take = Extractor(model, x)
    take()
    take()
    model.layers[0].limit.assign(0.0)
    with pytest.raises(lw.InputError, match=r"(?s)the model itself raised .*\(2, 5, 3\).*above the limit"):
        take()
