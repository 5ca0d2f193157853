"""A chaotic LSTM: two right runs of it part after a few steps; the trace shows the one that predict makes."""

import keras
import numpy as np
import pytest
from small_models import data, sequential

import lstm_widget as lw


@pytest.fixture(scope="module", params=[6, 12])
def chaotic(request):
    keras.utils.set_random_seed(1)
    layer = keras.layers.LSTM(64, return_sequences=True)
    model = sequential(layer, shape=(200, 8))
    kernel, recurrent, bias = layer.get_weights()
    layer.set_weights([kernel, recurrent * request.param, bias])
    # 40 rows: two batches, and the second one of another shape.
    x = data(40, 200, 8)
    return model, x, model.predict(x, verbose=0)


def test_it_is_predicts_own_run(chaotic):
    model, x, predicted = chaotic
    lt = lw.extract(model, x).only
    np.testing.assert_allclose(lt["h"], predicted, atol=1e-6)
    law = lt["f"] * lt.previous("c") + lt["i"] * lt["g"]
    np.testing.assert_allclose(lt["c"], law, atol=1e-5)
    np.testing.assert_allclose(lt["o"] * np.tanh(lt["c"]), predicted, atol=1e-4)


def test_samples_show_the_same_run(chaotic):
    """One row of a batch, run alone, would round differently, and so be another run."""
    model, x, predicted = chaotic
    lt = lw.extract(model, x, samples=[35, 3]).only
    np.testing.assert_allclose(lt["h"], predicted[[35, 3]], atol=1e-6)


def test_xla_makes_another_run_that_is_proved_too(chaotic):
    model, x, predicted = chaotic
    lt = lw.extract(model, x, jit_compile=True).only
    assert "XLA" in lt.certificate.run
    assert lt.certificate.closest < 0.7
    # The two agree until chaos parts them; if they never did, this test would show nothing.
    np.testing.assert_allclose(lt["h"][:, :5], predicted[:, :5], atol=1e-4)
    assert np.abs(lt["h"] - predicted).max() > 0.1
