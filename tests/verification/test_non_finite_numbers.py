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
    assert str(lt.certificate).startswith("proved: off by")
    assert lt.certificate.finite == 3 * 5 * 4 - 12
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


@pytest.mark.parametrize("kind", LAYERS)
def test_of_nan_alone_nothing_is_said_to_be_proved(kind, tmp_path):
    model = randomise(sequential(LAYERS[kind](4)))
    model.set_weights([np.full_like(weights, np.nan) for weights in model.get_weights()])
    trace = lw.extract(model, data(3, 5, 3))
    certificate = trace.only.certificate
    assert (certificate.nonfinite, certificate.finite, certificate.says_anything) == (60, 0, False)
    said = str(certificate)
    assert said.startswith("nothing to compare (15 timesteps")
    assert "60 numbers NaN or infinite" in said
    assert "proved:" not in said
    assert "nothing to compare" in repr(trace)
    proof = lw.LSTMWidget(trace)._scene["proof"]
    assert (proof["empty"], proof["odd"]) == (True, "60 numbers NaN or infinite")
    trace.save(tmp_path / "t.npz")
    assert not lw.Trace.load(tmp_path / "t.npz").only.certificate.says_anything


def test_where_all_is_masked_nothing_is_said_to_be_proved():
    x = data(2, 5, 3)
    x[:] = 0
    lt = lw.extract(randomise(sequential(keras.layers.Masking(), keras.layers.LSTM(4))), x).only
    assert (lt.certificate.nonfinite, lt.certificate.finite) == (0, 0)
    assert str(lt.certificate).startswith("nothing to compare")


def test_what_was_saved_before_finite_numbers_were_counted_is_proved():
    certificate = lw.example().only.certificate
    assert certificate.says_anything
    assert str(certificate).startswith("proved when saved: off by")


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
