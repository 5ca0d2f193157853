"""A simple cell of two units, worked out by hand: an asymmetric U notices h_prev U against U h_prev."""

import keras
import numpy as np

import lstm_widget as lw

KERNEL = [[0.5, -1.0]]
RECURRENT = [[0.2, 0.9], [-0.7, 0.4]]  # row: from unit; column: to unit
BIAS = [0.1, -0.3]
START = [[0.25, -0.5]]
X = np.array([[[1.0], [-2.0]]], "float32")

# h[0] = tanh(0.5 x + 0.2 h_prev[0] - 0.7 h_prev[1] + 0.1), h[1] = tanh(-x + 0.9 h_prev[0] + 0.4 h_prev[1] - 0.3)
EXPECTED = [[0.761594156, -0.855147029], [-0.147983591, 0.966967353]]


def test_hidden_state_has_its_hand_computed_values():
    i, s = keras.Input((2, 1)), keras.Input((2,))
    layer = keras.layers.SimpleRNN(2)
    model = keras.Model([i, s], layer(i, initial_state=s))
    layer.set_weights([np.array(w, "float32") for w in (KERNEL, RECURRENT, BIAS)])
    trace = lw.extract(model, [X, np.array(START, "float32")]).only
    np.testing.assert_allclose(trace.hidden_state[0], EXPECTED, atol=1e-6)
