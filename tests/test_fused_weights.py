"""The weights of each gate: which block of Keras's fused weights is whose."""

import keras
import numpy as np
import pytest
from small_models import data, randomise, sequential

import lstm_widget as lw

L = keras.layers


def built(layer, **options):
    return randomise(sequential(layer, **options)).layers[0]


def test_one_gate_at_a_time_computes_what_the_cell_computes():
    """Golden order: the equations written out with these weights give the cell's own answer."""
    layer = built(L.LSTM(4))
    x, h, c = data(2, 3), data(2, 4, seed=1), data(2, 4, seed=2)
    z = {gate: x @ w + h @ u + b for gate, (w, u, b) in lw.gate_weights(layer).items()}
    i, f, o = (1 / (1 + np.exp(-z[gate])) for gate in ("input_gate", "forget_gate", "output_gate"))
    c_next = f * c + i * np.tanh(z["cell_candidate"])
    _, (own_h, own_c) = layer.cell(x, [h, c])
    np.testing.assert_allclose(c_next, own_c, atol=1e-6)
    np.testing.assert_allclose(o * np.tanh(c_next), own_h, atol=1e-6)


def test_a_gru_has_two_rows_of_biases():
    layer = built(L.GRU(4))
    x, h = data(2, 3), data(2, 4, seed=1)
    weights = lw.gate_weights(layer)
    assert list(weights) == ["update_gate", "reset_gate", "candidate"]
    by_x = {gate: x @ w + b[0] for gate, (w, _, b) in weights.items()}
    by_h = {gate: h @ u + b[1] for gate, (_, u, b) in weights.items()}
    z, r = (1 / (1 + np.exp(-by_x[gate] - by_h[gate])) for gate in ("update_gate", "reset_gate"))
    candidate = np.tanh(by_x["candidate"] + r * by_h["candidate"])
    own_h, _ = layer.cell(x, [h])
    np.testing.assert_allclose(z * h + (1 - z) * candidate, own_h, atol=1e-6)


@pytest.mark.parametrize(
    ("layer", "shapes"),
    [
        (L.GRU(4, reset_after=False), ((3, 4), (4, 4), (4,))),
        (L.SimpleRNN(4), ((3, 4), (4, 4), (4,))),
        (L.RNN(L.LSTMCell(4)), ((3, 4), (4, 4), (4,))),
        (L.LSTM(4, use_bias=False), ((3, 4), (4, 4), None)),
        (L.LSTM(4, dtype="mixed_float16"), ((3, 4), (4, 4), (4,))),
    ],
)
def test_shapes(layer, shapes):
    for kernel, recurrent_kernel, bias in lw.gate_weights(built(layer)).values():
        assert (kernel.shape, recurrent_kernel.shape, None if bias is None else bias.shape) == shapes
        assert kernel.dtype == np.float32  # the variable's, not what it is cast to


def test_a_cell_and_its_layer_are_one():
    layer = built(L.RNN([L.LSTMCell(4), L.LSTMCell(2)]))
    kernel, recurrent_kernel, _ = lw.gate_weights(layer.cell.cells[1])["output_gate"]
    assert (kernel.shape, recurrent_kernel.shape) == ((4, 2), (2, 2))


def test_training_on_does_not_change_them():
    model = sequential(L.LSTM(4), L.Dense(1))
    before = lw.gate_weights(model.layers[0])["input_gate"][0]
    kept = before.copy()
    model.compile("sgd", "mse")
    model.fit(data(8, 5, 3), data(8, 1), verbose=0)
    np.testing.assert_array_equal(before, kept)
    assert not np.array_equal(lw.gate_weights(model.layers[0])["input_gate"][0], kept)


@pytest.mark.parametrize("layer", [L.LSTM(4), L.GRU(4), L.SimpleRNN(4, use_bias=False)])
def test_a_trace_holds_the_same_by_the_same_names(layer):
    model = randomise(sequential(layer))
    traced = lw.extract(model, data(2, 5, 3)).only.weights
    found = lw.gate_weights(layer)
    assert list(found) == list(traced)
    for gate, weights in found.items():
        assert isinstance(weights, lw.GateWeights)
        kernel, recurrent_kernel, bias = traced[gate]
        np.testing.assert_array_equal(weights.kernel, kernel)
        np.testing.assert_array_equal(weights.recurrent_kernel, recurrent_kernel)
        assert (weights.bias is None) == (bias is None)
        if bias is not None:
            np.testing.assert_array_equal(weights.bias, bias)


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (L.Bidirectional(L.LSTM(4), name="both"), "'both'.*forward_layer or layer.backward_layer"),
        (L.RNN([L.LSTMCell(4), L.LSTMCell(2)], name="stack"), r"'stack'.*layer\.cell\.cells\[0\]"),
        (L.Dense(2, name="dense"), "Dense 'dense'.*Known are LSTM"),
        (keras.Sequential([L.LSTM(2)], name="model"), "'model'.*get_layer"),
        ("lstm", "str"),
    ],
)
def test_what_has_no_gates_is_refused(layer, words):
    with pytest.raises(lw.UnsupportedLayerError, match=words):
        lw.gate_weights(layer)


def test_a_layer_without_weights_is_refused():
    with pytest.raises(lw.ModelError, match=r"'new' is not built.*call it"):
        lw.gate_weights(L.LSTM(4, name="new"))
