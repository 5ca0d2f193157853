"""The share of each write that is left says what the cell state is made of."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lstm_widget as lw
from lstm_widget.analysis.remains import remains


def extracted(layer, x, mask=None):
    inputs = keras.Input(x.shape[1:])
    masked = keras.layers.Masking()(inputs) if mask else inputs
    return lw.extract(keras.Model(inputs, layer(masked)), x).only


@pytest.fixture(scope="module")
def traces():
    keras.utils.set_random_seed(0)
    x = np.random.default_rng(0).normal(size=(2, 30, 3)).astype("float32")
    padded = x.copy()
    padded[:, 11:14] = 0
    return [
        extracted(keras.layers.LSTM(4), x),
        extracted(keras.layers.LSTM(4, go_backwards=True), x),
        extracted(keras.layers.LSTM(4), padded, mask=True),
    ]


@given(which=st.integers(0, 2), sample=st.integers(0, 1), unit=st.integers(0, 3), timestep=st.integers(0, 29))
@settings(deadline=None, max_examples=60)
def test_the_cell_state_is_the_sum_of_what_is_left_of_all_writes(traces, which, sample, unit, timestep):
    layer = traces[which]
    written = np.nan_to_num(layer["i"][sample, :, unit] * layer["g"][sample, :, unit])
    c = (remains(layer, sample, unit, timestep) * written).sum()
    np.testing.assert_allclose(c, layer["c"][sample, timestep, unit], atol=1e-6)


def test_a_gru_is_kept_by_its_update_gate():
    keras.utils.set_random_seed(0)
    x = np.random.default_rng(0).normal(size=(1, 12, 3)).astype("float32")
    layer = extracted(keras.layers.GRU(4), x)
    written = (1 - layer["z"][0]) * layer["g"][0]
    shares = np.stack([remains(layer, 0, unit, 11) for unit in range(4)], axis=1)
    np.testing.assert_allclose((shares * written).sum(axis=0), layer["h"][0, 11], atol=1e-6)


def test_a_simple_cell_has_nothing_that_keeps():
    x = np.zeros((1, 5, 2), "float32")
    with pytest.raises(lw.LayerNotFoundError, match="LSTM and GRU"):
        remains(extracted(keras.layers.SimpleRNN(2), x), 0, 0, 1)
