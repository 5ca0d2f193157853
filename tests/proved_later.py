"""A run that is proved later is held against an extraction at that moment."""

import threading

import keras
import numpy as np
from small_models import randomise

from lstm_widget.extraction import Extractor


def taken(model, inputs, **options):
    """Take a run at the second call, at which it is traced."""
    take = Extractor(model, inputs, **options)
    take()
    return take()


def assert_proved_later_alike(model, inputs, now):
    """Take a run, change all weights, prove the run in another thread; the weights are put back afterwards."""
    take = Extractor(model, inputs)
    before = model.get_weights()
    try:
        randomise(model, seed=2)
        take()
        model.set_weights(before)
        proved = take()
        randomise(model, seed=1)
        later = in_another_thread(proved)
    finally:
        model.set_weights(before)
    assert list(later) == list(now)
    for name, layer in now.items():
        theirs = later[name]
        for quantity in layer.quantities:
            np.testing.assert_array_equal(theirs[quantity.name], layer[quantity.name])
        for gate, weights in layer.weights.items():
            np.testing.assert_array_equal(theirs.weights[gate].kernel, weights.kernel)
        np.testing.assert_array_equal(theirs.inputs, layer.inputs)
        assert (theirs.mask is None) == (layer.mask is None)
        np.testing.assert_array_equal([theirs.mask], [layer.mask])
        assert theirs.direction == layer.direction
        for mine, later_on in zip(vars(layer.origin).values(), vars(theirs.origin).values(), strict=True):
            np.testing.assert_array_equal(mine, later_on)
    for mine, theirs in zip(keras.tree.flatten(now.outputs), keras.tree.flatten(later.outputs), strict=True):
        closely(theirs, mine)


def closely(one, other):
    np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


def in_another_thread(work):
    results = []
    thread = threading.Thread(target=lambda: results.append(work()))
    thread.start()
    thread.join()
    return results[0]
