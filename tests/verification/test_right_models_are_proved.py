"""Right models are never refused: long, saturated, chaotic, unbounded, half precision."""

import keras
import numpy as np
import pytest
from small_models import LAYERS, data, randomise, sequential

import lstm_widget as lw

L = keras.layers


def proved(model, x, **options):
    trace = lw.extract(model, x, **options)
    for lt in trace.values():
        # Room to spare: a bound that right models nearly reach would refuse one of them some day.
        assert lt.certificate.closest < 0.7
        assert lt.certificate.max_abs_error <= lt.certificate.tolerance
        assert lt.certificate.nonfinite == lt.certificate.overflowed == 0
    return trace


@pytest.mark.slow
@pytest.mark.parametrize("options", [{}, {"jit_compile": True}])
def test_forget_bias_of_9_over_50_000_steps(options):
    """Rounding adds up in c to 1e-1 there."""
    layer = L.LSTM(16)
    model = sequential(layer, shape=(50_000, 2))
    kernel, recurrent, bias = layer.get_weights()
    bias[16:32] = 9
    layer.set_weights([kernel, recurrent, bias])
    lt = proved(model, data(1, 50_000, 2), **options).only
    assert np.abs(lt["c"]).max() > 5
    assert lt["f"].mean() > 0.999


@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize("gain", [3, 12, 40])
def test_large_recurrent_weights(kind, gain):
    layer = LAYERS[kind](24)
    model = sequential(layer, shape=(60, 3))
    kernel, recurrent, *bias = layer.get_weights()
    layer.set_weights([kernel * gain, recurrent * gain, *bias])
    proved(model, data(8, 60, 3))


ACTIVATIONS = ["relu", "exponential", "linear", "softplus", "elu", "gelu", "silu", "softmax", "hard_tanh", "leaky_relu"]


@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_any_activation_of_keras(kind, activation):
    # exp of exp of exp is infinite within a few steps.
    scale = 0.1 if activation == "exponential" else 0.4
    model = randomise(sequential(LAYERS[kind](4, activation=activation)), scale=scale)
    proved(model, data(3, 5, 3))


@pytest.mark.parametrize("kind", ["lstm", "gru"])
@pytest.mark.parametrize("gate", ["hard_sigmoid", "relu", "softmax", "tanh"])
def test_any_gate_activation(kind, gate):
    proved(randomise(sequential(LAYERS[kind](4, recurrent_activation=gate)), scale=0.5), data(3, 5, 3))


def test_an_activation_of_the_users_own():
    def cubic(values):
        return values**3 / (1 + values**2)

    proved(randomise(sequential(L.LSTM(4, activation=cubic), L.Dense(1))), data(3, 5, 3))


def test_a_users_function_called_sigmoid_is_not_taken_for_keras_own():
    """The rounding bound knows the slope of the real one only."""

    def sigmoid(values):
        return keras.ops.sigmoid(50.0 * values)

    lt = proved(randomise(sequential(L.LSTM(4, recurrent_activation=sigmoid))), data(3, 5, 3)).only
    assert lt.activations["recurrent_activation"] == "user-defined sigmoid"


@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize("dtype", ["mixed_float16", "mixed_bfloat16", "float64"])
def test_other_precisions(kind, dtype):
    model = sequential(LAYERS[kind](16, dtype=dtype), shape=(100, 3))
    proved(randomise(model), data(4, 100, 3))


@pytest.mark.parametrize("scale", [1e-30, 1e-3, 1e3])
def test_inputs_of_any_size(scale):
    model = randomise(sequential(L.LSTM(4, return_sequences=True), L.GRU(4, return_sequences=True), L.SimpleRNN(4)))
    proved(model, data(3, 5, 3) * np.float32(scale))


def test_weights_of_zero():
    """As a model just made with zeros: nothing but ties and exact numbers."""
    model = sequential(L.LSTM(4, return_sequences=True), L.GRU(4, return_sequences=True), L.SimpleRNN(4))
    model.set_weights([np.zeros_like(w) for w in model.get_weights()])
    trace = proved(model, data(3, 5, 3))
    assert all((lt["h"] == 0).all() for lt in trace.values())
