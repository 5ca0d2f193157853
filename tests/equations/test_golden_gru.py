"""A GRU of one unit, worked out by hand: z against r, z against 1 - z, and the place of the reset gate."""

import keras
import numpy as np
import pytest

import lstm_widget as lw

# Blocks z, r, candidate, left to right; the state starts at 0.5, or the reset gate would not show at t = 0.
KERNEL = [[0.5, -0.25, 1.5]]
RECURRENT = [[0.3, 0.6, -0.8]]
INPUT_BIAS = [0.1, -1.0, 0.2]
RECURRENT_BIAS = [0.7, -0.3, 0.4]
X = np.array([[[1.0], [-2.0]]], "float32")

EXPECTED = {
    # g = tanh(x w + b + r (h_prev u + b')): cuDNN's variant, Keras's default.
    True: {
        "update_gate": [0.809998434, 0.493704963],
        "reset_gate": [0.222700139, 0.389274473],
        "candidate": [0.935409071, -0.993000281],
        "hidden_state": [0.582728405, -0.215055208],
    },
    # g = tanh(x w + b + (r h_prev) u): the paper's.
    False: {
        "update_gate": [0.679178699, 0.329690523],
        "reset_gate": [0.278884822, 0.470242655],
        "candidate": [0.919910735, -0.995422934],
        "hidden_state": [0.634716308, -0.457981475],
    },
}


def extract(reset_after):
    i, s = keras.Input((2, 1)), keras.Input((1,))
    layer = keras.layers.GRU(1, return_sequences=True, reset_after=reset_after)
    model = keras.Model([i, s], layer(i, initial_state=s))
    bias = [INPUT_BIAS, RECURRENT_BIAS] if reset_after else INPUT_BIAS
    layer.set_weights([np.array(w, "float32") for w in (KERNEL, RECURRENT, bias)])
    return lw.extract(model, [X, np.array([[0.5]], "float32")]).only


@pytest.mark.parametrize("reset_after", [True, False])
def test_every_quantity_has_its_hand_computed_value(reset_after):
    gru = extract(reset_after)
    for quantity, values in EXPECTED[reset_after].items():
        np.testing.assert_allclose(getattr(gru, quantity)[0, :, 0], values, atol=1e-6, err_msg=quantity)
    assert [q.symbol for q in gru.quantities] == ["z", "r", "g", "h"]


def test_both_biases_are_told_apart():
    gru = extract(reset_after=True)
    for block, gate in enumerate(("update_gate", "reset_gate", "candidate")):
        weights = gru.weights[gate]
        assert weights.input_bias[0] == pytest.approx(INPUT_BIAS[block])
        assert weights.recurrent_bias[0] == pytest.approx(RECURRENT_BIAS[block])
