"""samples=, layers= and batch_size= choose; they never change a number."""

import keras
import numpy as np
import pytest
from proved_later import taken
from small_models import data, randomise, sequential

import lstm_widget as lw
from lstm_widget.capture.keras.session import Session

L = keras.layers


@pytest.fixture(scope="module")
def model():
    return randomise(
        sequential(L.Masking(), L.LSTM(4, return_sequences=True, name="a"), L.GRU(3, name="b"), L.Dense(2))
    )


@pytest.fixture(scope="module")
def x():
    array = data(70, 5, 3)
    array[::3, 3:] = 0
    return array


@pytest.fixture(scope="module")
def whole(model, x):
    return lw.extract(model, x)


def assert_rows(some, whole, rows):
    for name in some:
        np.testing.assert_array_equal(some[name]["h"], whole[name]["h"][rows])
        np.testing.assert_array_equal(some[name].mask, whole[name].mask[rows])
        np.testing.assert_array_equal(some[name].origin.rows, rows)
        for quantity in some[name].quantities:
            np.testing.assert_allclose(some[name][quantity.symbol], whole[name][quantity.symbol][rows], atol=1e-6)
    np.testing.assert_array_equal(some.outputs, whole.outputs[rows])


@pytest.mark.parametrize("rows", [[0], [69], [40, 2, 69, 33], list(range(70))[::-1], [64]])
def test_samples_come_in_the_order_asked(model, x, whole, rows):
    some = lw.extract(model, x, samples=rows)
    assert_rows(some, whole, rows)
    np.testing.assert_array_equal(some.inputs, x[rows])


@pytest.mark.parametrize("samples", [5, np.int64(5), np.array([5]), range(5, 6), {5}, (5,), iter([5])])
def test_samples_may_be_any_integers(model, x, whole, samples):
    assert_rows(lw.extract(model, x, samples=samples), whole, [5])


def test_only_the_batches_that_are_needed_run(model, x, monkeypatch):
    ran, run = [], Session.run
    monkeypatch.setattr(Session, "run", lambda self, batch, **k: ran.append(batch.start) or run(self, batch, **k))
    lw.extract(model, x, samples=[65, 3])
    assert ran == [0, 64]


@pytest.mark.parametrize("size", [1, 7, 70, 1000, np.int64(10)])
def test_batch_size_changes_rounding_at_most(model, x, whole, size):
    other = lw.extract(model, x, batch_size=size)
    for name in whole:
        for quantity in whole[name].quantities:
            np.testing.assert_allclose(other[name][quantity.symbol], whole[name][quantity.symbol], atol=1e-5)


@pytest.mark.parametrize("by", ["name", "list", "object", "objects", "set"])
def test_layers_by_name_or_object(model, x, whole, by):
    layer = model.get_layer("b")
    layers = {"name": "b", "list": ["b"], "object": layer, "objects": [layer], "set": {"b"}}[by]
    some = lw.extract(model, x, layers=layers)
    assert list(some) == ["b"]
    np.testing.assert_array_equal(some["b"]["h"], whole["b"]["h"])


def test_order_is_that_of_the_calls_not_of_the_question(model, x):
    assert list(lw.extract(model, x[:2], layers=["b", "a"])) == ["a", "b"]


def test_a_name_stands_for_one_call_and_an_object_for_all():
    i = keras.Input((5, 3))
    shared = L.LSTM(3, name="s", return_sequences=True)
    model = keras.Model(i, shared(shared(i)))
    x = data(2, 5, 3)
    assert list(lw.extract(model, x, layers="s")) == ["s"]
    assert list(lw.extract(model, x, layers="s#2")) == ["s#2"]
    assert list(lw.extract(model, x, layers=shared)) == ["s", "s#2"]


def test_one_of_several_stacked_cells():
    rnn = L.RNN([L.LSTMCell(3, name="low"), L.GRUCell(2, name="high")], name="rnn")
    model, x = randomise(sequential(rnn)), data(2, 5, 3)
    whole, high = lw.extract(model, x), lw.extract(model, x, layers="rnn/high")
    assert list(high) == ["rnn/high"]
    np.testing.assert_array_equal(high.only["h"], whole["rnn/high"]["h"])


def test_none_of_several_stacked_cells():
    rnn = L.RNN([L.LSTMCell(3, name="low"), L.GRUCell(2, name="high")], name="rnn", return_sequences=True)
    model, x = randomise(sequential(rnn, L.LSTM(4, name="top"))), data(2, 5, 3)
    whole = lw.extract(model, x)
    for top in (lw.extract(model, x, layers=["top"]), taken(model, x, layers=["top"])()):
        assert list(top) == ["top"]
        np.testing.assert_array_equal(top.only["h"], whole["top"]["h"])
    with pytest.raises(lw.LayerNotFoundError, match="those that did are 'rnn/low', 'rnn/high', 'top'"):
        lw.extract(model, x, layers=["rnn"])


def test_one_of_two_calls_of_a_time_distributed():
    i, td = keras.Input((2, 5, 3)), L.TimeDistributed(L.LSTM(3, name="in"), name="td")
    model, x = keras.Model(i, [td(i), td(i * 2.0)]), data(2, 2, 5, 3)
    whole = lw.extract(model, x)
    assert list(whole) == ["td/in", "td/in#2"]
    second = lw.extract(model, x, layers="td/in#2")
    assert list(second) == ["td/in#2"]
    np.testing.assert_array_equal(second.only["h"], whole["td/in#2"]["h"])
