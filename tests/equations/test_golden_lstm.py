"""An LSTM of one unit whose eight gates were worked out by hand, with weights that no two gates share.

The laws h = o act(c) and c = f c_prev + i g are blind to i and g exchanged; these numbers are not.
"""

import keras
import numpy as np
import pytest
from small_models import sequential

import lstm_widget as lw

# Blocks i, f, candidate, o, left to right.
KERNEL = [[0.5, -0.25, 1.0, 2.0]]
RECURRENT = [[0.3, 0.6, -0.4, 0.1]]
BIAS = [0.1, 1.0, -0.2, -0.5]
X = np.array([[[1.0], [-2.0]]], "float32")

# t = 0: i = s(0.6), f = s(0.75), g = tanh(0.8), o = s(1.5); t = 1 with h_prev = 0.330519, c_prev = 0.428740.
EXPECTED = {
    "input_gate": [0.645656306, 0.309844924],
    "forget_gate": [0.679178699, 0.845314041],
    "cell_candidate": [0.664036770, -0.981326472],
    "output_gate": [0.817574476, 0.011351958],
    "cell_state": [0.428739528, 0.058360517],
    "hidden_state": [0.330518688, 0.000661755],
}


@pytest.fixture(scope="module")
def lstm():
    model = sequential(keras.layers.LSTM(1, return_sequences=True), shape=(2, 1))
    model.set_weights([np.array(w, "float32") for w in (KERNEL, RECURRENT, BIAS)])
    return lw.extract(model, X).only


@pytest.mark.parametrize("quantity", EXPECTED)
def test_every_quantity_has_its_hand_computed_value(lstm, quantity):
    np.testing.assert_allclose(getattr(lstm, quantity)[0, :, 0], EXPECTED[quantity], atol=1e-6)


def test_symbols_are_the_letters_of_the_paper(lstm):
    for symbol, name in zip("ifgoch", EXPECTED, strict=True):
        assert lstm[symbol] is getattr(lstm, name)


def test_weights_are_those_of_the_gate_they_are_named_after(lstm):
    for block, gate in enumerate(("input_gate", "forget_gate", "cell_candidate", "output_gate")):
        weights = lstm.weights[gate]
        found = weights.kernel[0, 0], weights.recurrent_kernel[0, 0], weights.bias[0]
        assert found == pytest.approx((KERNEL[0][block], RECURRENT[0][block], BIAS[block]))
