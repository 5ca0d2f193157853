"""NaN and infinity pass through as the layer makes them, and the certificate counts them."""

import keras
import numpy as np
import pytest
from small_models import LAYERS, data, randomise, sequential

import lstm_widget as lw


@pytest.mark.parametrize("kind", LAYERS)
def test_nan_in_the_data(kind):
    model, x = randomise(sequential(LAYERS[kind](4, return_sequences=True))), data(3, 5, 3)
    clean = lw.extract(model, x).only
    x[1, 2, 0] = np.nan
    lt = lw.extract(model, x).only
    np.testing.assert_array_equal(np.isnan(lt["h"]), np.isnan(model.predict(x, verbose=0)))
    assert np.isnan(lt["h"][1, 2:]).all()
    assert lt.certificate.nonfinite == np.isnan(lt["h"]).sum() == 12
    assert "12 numbers NaN or infinite" in str(lt.certificate)
    np.testing.assert_allclose(lt["h"][[0, 2]], clean["h"][[0, 2]], atol=1e-6)
    np.testing.assert_allclose(lt["h"][1, :2], clean["h"][1, :2], atol=1e-6)


@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize("value", [np.inf, -np.inf])
def test_infinity_in_the_data(kind, value):
    model, x = randomise(sequential(LAYERS[kind](4, return_sequences=True))), data(3, 5, 3)
    x[1, 2, 0] = value
    lt = lw.extract(model, x).only
    predicted = model.predict(x, verbose=0)
    np.testing.assert_array_equal(np.isnan(lt["h"]), np.isnan(predicted))
    # Past an infinity sums need not agree from run to run: said, not compared.
    assert lt.certificate.overflowed == 3
    assert "3 timesteps after an overflow not compared" in str(lt.certificate)
    assert np.isfinite(lt["h"][[0, 2]]).all()


@pytest.mark.parametrize("kind", LAYERS)
def test_nan_in_the_weights(kind):
    model = randomise(sequential(LAYERS[kind](4)))
    weights = model.get_weights()
    weights[0][0, 1] = np.nan
    model.set_weights(weights)
    lt = lw.extract(model, data(3, 5, 3)).only
    assert lt.certificate.nonfinite == (~np.isfinite(lt["h"])).sum() > 0


def test_nan_at_a_masked_timestep_is_never_read():
    i, m = keras.Input((5, 3)), keras.Input((5,), dtype="bool")
    model = randomise(keras.Model([i, m], keras.layers.LSTM(4)(i, mask=m)))
    x, mask = data(2, 5, 3), np.ones((2, 5), bool)
    x[0, 3:], mask[0, 3:] = np.nan, False
    lt = lw.extract(model, [x, mask]).only
    assert np.isfinite(lt["c"]).all()
    assert lt.certificate.nonfinite == 0
    np.testing.assert_array_equal(np.isnan(lt["f"]).all(axis=-1), ~mask)


def test_numbers_that_overflow_half_precision():
    model = sequential(keras.layers.LSTM(4, activation="relu", dtype="mixed_float16"))
    randomise(model)
    lt = lw.extract(model, data(3, 5, 3) * 1e4).only
    assert lt.certificate.overflowed > 0
