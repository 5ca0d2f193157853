"""Batches of a stateful layer continue each other: joined in time, from the stored state, which stays as it was."""

import keras
import numpy as np
import pytest
from small_models import LAYERS, against_reference, data, numpy, randomise

import lstm_widget as lw

L = keras.layers


def stateful(layer, lanes, shape=(4, 3)):
    return randomise(keras.Sequential([keras.Input(batch_shape=(lanes, *shape)), layer]))


def in_time(array, lanes):
    """Join rows in time, the way the layer got them."""
    return np.concatenate(np.split(array, len(array) // lanes), axis=1)


@pytest.mark.parametrize("lanes", [1, 2])
@pytest.mark.parametrize("kind", LAYERS)
def test_batches_are_joined_along_time(kind, lanes):
    layer = LAYERS[kind](5, stateful=True, return_sequences=True)
    model, x = stateful(layer, lanes), data(3 * lanes, 4, 3)
    lt = lw.extract(model, x).only
    assert lt.shape == (lanes, 12, 5)
    np.testing.assert_array_equal(lt.inputs, in_time(x, lanes))
    layer.reset_state()
    np.testing.assert_allclose(lt["h"], in_time(model.predict(x, batch_size=lanes, verbose=0), lanes), atol=1e-6)
    # One long sequence for the reference: only this knows whether the joins are right.
    against_reference(lt, layer.cell)


@pytest.mark.parametrize("lanes", [1, 2])
def test_each_cell_knows_its_row_and_step(lanes):
    model, x = stateful(L.LSTM(5, stateful=True), lanes), data(3 * lanes, 4, 3)
    lt = lw.extract(model, x).only
    for sample in range(lanes):
        for t in range(12):
            np.testing.assert_array_equal(lt.inputs[sample, t], x[lt.origin.index(sample, t)])


@pytest.mark.parametrize("kind", LAYERS)
def test_going_backwards_each_row_is_read_from_its_end(kind):
    layer = LAYERS[kind](5, stateful=True, go_backwards=True)
    model, x = stateful(layer, 2), data(6, 4, 3)
    lt = lw.extract(model, x).only
    states = ["h", "c"] if kind == "lstm" else ["h"]
    first = {s: np.zeros((2, 5)) for s in states}
    for row in range(3):
        here = slice(4 * row, 4 * row + 4)
        for s in states:
            # The row's last step reads what the row before ended with: that row's first step.
            np.testing.assert_array_equal(lt.previous(s)[:, 4 * row + 3], first[s])
            np.testing.assert_array_equal(lt.previous(s)[:, here][:, :-1], lt[s][:, here][:, 1:])
            first[s] = lt[s][:, 4 * row]
    if kind == "lstm":
        law = lt["f"] * lt.previous("c") + lt["i"] * lt["g"]
        np.testing.assert_allclose(lt["c"], law, atol=1e-6)


def test_preactivation_at_the_joins():
    for backwards in (False, True):
        model = stateful(L.LSTM(5, stateful=True, go_backwards=backwards), 2)
        lt = lw.extract(model, data(6, 4, 3)).only
        np.testing.assert_allclose(lt["f"], 1 / (1 + np.exp(-lt.preactivation("f"))), atol=1e-6)


def test_it_starts_from_the_stored_state_and_leaves_it_there():
    layer = L.LSTM(5, stateful=True, return_sequences=True)
    model, x = stateful(layer, 2), data(6, 4, 3)
    model.predict(x[:2], batch_size=2, verbose=0)
    stored = [numpy(s) for s in layer.states]
    assert np.abs(stored[1]).max() > 0.01
    one, two = lw.extract(model, x[2:]), lw.extract(model, x[2:])
    np.testing.assert_array_equal(one.only.initial_state["hidden_state"], stored[0])
    np.testing.assert_array_equal(one.only.initial_state["cell_state"], stored[1])
    for before, after in zip(stored, layer.states, strict=True):
        np.testing.assert_array_equal(before, numpy(after))
    np.testing.assert_array_equal(one.only["c"], two.only["c"])
    np.testing.assert_allclose(one.only["h"], in_time(model.predict(x[2:], batch_size=2, verbose=0), 2), atol=1e-6)


def test_masks_are_joined_too():
    model = randomise(
        keras.Sequential([keras.Input(batch_shape=(2, 4, 3)), L.Masking(), L.LSTM(5, stateful=True, name="lstm")])
    )
    x = data(6, 4, 3)
    x[0, 2:] = x[3, :] = x[4, 1] = 0
    lt = lw.extract(model, x).only
    np.testing.assert_array_equal(lt.mask, in_time(x.any(axis=-1), 2))
    against_reference(lt, model.get_layer("lstm").cell)


def test_samples_are_lanes():
    model, x = stateful(L.LSTM(5, stateful=True), 3), data(6, 4, 3)
    whole, some = lw.extract(model, x), lw.extract(model, x, samples=[2, 0])
    np.testing.assert_array_equal(some.only["h"], whole.only["h"][[2, 0]])
    np.testing.assert_allclose(some.only["c"], whole.only["c"][[2, 0]], atol=1e-6)
    np.testing.assert_array_equal(some.inputs, x[[2, 0, 5, 3]])
    np.testing.assert_array_equal(some.outputs, whole.outputs[[2, 0, 5, 3]])
    assert [some.only.origin.index(0, t)[0] for t in (0, 4)] == [2, 5]


def test_stateful_stacked_cells():
    cells = [L.LSTMCell(4, name="low"), L.GRUCell(3, name="high")]
    model, x = stateful(L.RNN(cells, stateful=True, name="rnn"), 2), data(4, 4, 3)
    trace = lw.extract(model, x)
    for name, cell in zip(trace, cells, strict=True):
        assert trace[name].timesteps == 8
        against_reference(trace[name], cell)


def test_a_stateless_layer_beside_a_stateful_one_is_not_joined():
    model = keras.Sequential(
        [
            keras.Input(batch_shape=(2, 4, 3)),
            L.LSTM(5, stateful=True, return_sequences=True, name="on"),
            L.GRU(3, name="anew"),
        ]
    )
    trace = lw.extract(randomise(model), data(6, 4, 3))
    assert (trace["on"].shape, trace["anew"].shape) == ((2, 12, 5), (6, 4, 3))
    against_reference(trace["anew"], model.get_layer("anew").cell)


@pytest.mark.parametrize("dtype", ["float64", "mixed_float16", "mixed_bfloat16"])
def test_stateful_in_other_precisions(dtype):
    layer = L.LSTM(5, stateful=True, dtype=dtype)
    lt = lw.extract(stateful(layer, 2), data(6, 4, 3)).only
    against_reference(lt, layer.cell, {"float64": 1e-12, "mixed_float16": 1e-2, "mixed_bfloat16": 1e-1}[dtype])


def shared():
    i, layer = keras.Input(batch_shape=(2, 4, 3)), L.LSTM(3, stateful=True, name="lstm")
    return keras.Model(i, [layer(i), layer(i * 2.0)]), data(6, 4, 3)


def given_its_state():
    i, s = keras.Input(batch_shape=(2, 4, 3)), keras.Input(batch_shape=(2, 3))
    layer = L.LSTM(3, stateful=True, name="lstm")
    return keras.Model([i, s], layer(i, initial_state=[s, s])), [data(6, 4, 3), data(6, 3)]


@pytest.mark.parametrize("build", [shared, given_its_state])
def test_batches_that_do_not_continue_each_other_are_not_joined(build):
    """`previous` would be wrong at every join."""
    model, x = build()
    with pytest.raises(lw.UnsupportedLayerError, match=r"'lstm' did not begin.*one batch at a time"):
        lw.extract(model, x)
    first = keras.tree.map_structure(lambda a: a[:2], x)
    for lt in lw.extract(model, first).values():
        against_reference(lt, model.get_layer("lstm").cell)
