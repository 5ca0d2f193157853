"""Records of layer runs, so that solving and verifying can be tested alone."""

import keras
import numpy as np
from small_models import LAYERS, data

from lstm_widget.capture.keras import session
from lstm_widget.equations import solve
from lstm_widget.quantities import QUANTITIES

L = keras.layers


def record(model, x):
    """Give the run of the model's first recurrent layer in its first batch."""
    with session(model, x, None, None) as opened:
        (batch,) = opened.batches_with(np.arange(opened.rows))
        ran = opened.run(batch, wanted=lambda *asked: True, announce=lambda *size: None)
    return ran.layers[0]


def record_layer(kind, *, timesteps=6, units=4, samples=2, masked=False, scale=0.8, **options):
    """Record one layer with weights, biases included, that are far from zero."""
    keras.utils.set_random_seed(2)
    rng = np.random.default_rng(3)
    layer = LAYERS[kind](units, name="rec", **options)
    i = keras.Input((timesteps, 3))
    model = keras.Model(i, layer(L.Masking()(i) if masked else i))
    layer.set_weights([rng.uniform(-scale, scale, w.shape) for w in layer.get_weights()])
    x = data(samples, timesteps, 3)
    if masked:
        x[0, timesteps // 2 :] = 0
        x[1, 1] = 0
    return record(model, x)


def solved(run):
    return solve(run, {q.name: np.empty(run.shape, run.outputs.dtype) for q in QUANTITIES[run.cell.kind]})
