"""A widget on a model extracts what is on screen, not all of it."""

import keras
import numpy as np
import pytest

import lstm_widget as lw
from lstm_widget import extraction
from lstm_widget.serving import source


@pytest.fixture
def model():
    keras.utils.set_random_seed(0)
    layers = [keras.layers.LSTM(4, name="lstm"), keras.layers.Dense(2, activation="softmax")]
    return keras.Sequential([keras.Input((6, 3)), *layers])


@pytest.fixture
def x():
    return np.random.default_rng(0).normal(size=(100, 6, 3)).astype("float32")


@pytest.fixture
def extracted(monkeypatch):
    """The rows of each extraction."""
    rows = []
    real = extraction.extract

    def watched(model, inputs, *, samples=None, **options):
        rows.append(samples)
        return real(model, inputs, samples=samples, **options)

    monkeypatch.setattr(extraction, "extract", watched)
    return rows


def test_only_the_sample_and_its_neighbours_are_extracted(model, x, extracted, monkeypatch):
    # A row takes 576 bytes, so that four of them may be extracted at once.
    monkeypatch.setattr(source, "_TOGETHER_BYTES", 3000)
    widget = lw.LSTMWidget(model, x, sample=50)
    assert extracted == [[0], [48, 49, 50, 51]]
    widget.sample = 51
    assert len(extracted) == 2, "the neighbour is here already"
    widget.sample = 90
    assert extracted[2:] == [[88, 89, 90, 91]]


def test_each_sample_shows_its_own_numbers(model, x):
    whole = lw.extract(model, x).only
    widget = lw.LSTMWidget(model, x, sample=7)
    for sample in (7, 99, 0, 33):
        widget.sample = sample
        values = np.frombuffer(widget._overview, "<f4")[: 6 * 4 * 6].reshape(6, 4, 6)
        expected = np.stack([whole[quantity.name][sample].T for quantity in whole.quantities])
        np.testing.assert_allclose(values, expected, atol=1e-6)


def test_what_is_kept_is_bounded(model, x, monkeypatch):
    monkeypatch.setattr(source, "_CACHE_BYTES", 5_000)
    monkeypatch.setattr(source, "_TOGETHER_BYTES", 2_400)
    found = source.ModelSource(model, x, 100)
    for sample in range(0, 100, 5):
        found.at("lstm", sample)
    # Four rows of 576 bytes come at once, and two such fours are kept.
    assert len(found._kept) <= 8


def test_targets_open_the_worst_sample(model, x):
    targets = model.predict(x, verbose=0).argmax(axis=1)
    targets[42] = 1 - targets[42]
    assert lw.LSTMWidget(model, x, targets=targets).sample == 42


def test_a_stateful_model_is_one_stream(x):
    model = keras.Sequential([keras.Input(batch_shape=(1, 6, 3)), keras.layers.LSTM(4, stateful=True)])
    widget = lw.LSTMWidget(model, x[:5])
    assert widget._scene["timesteps"] == 30
    assert widget._catalogue["layers"][0]["samples"] == 1
    # The input that is drawn is the one stream, too.
    series = np.frombuffer(widget._overview, "<f4", offset=widget._scene["input"]["offset"])[:90].reshape(3, 30)
    np.testing.assert_array_equal(series, x[:5].reshape(30, 3).T)


def test_time_distributed_samples_show_their_own_input(x):
    model = keras.Sequential([keras.Input((4, 6, 3)), keras.layers.TimeDistributed(keras.layers.LSTM(4))])
    inputs = x[:40].reshape(10, 4, 6, 3)
    widget = lw.LSTMWidget(model, inputs, sample=4 * 7 + 2)
    assert widget._catalogue["layers"][0]["samples"] == 40
    series = np.frombuffer(widget._overview, "<f4", offset=widget._scene["input"]["offset"])[:18].reshape(3, 6)
    np.testing.assert_array_equal(series, inputs[7, 2].T)


def test_an_error_while_looking_leaves_the_view_as_it_was(model, x, monkeypatch):
    widget = lw.LSTMWidget(model, x)

    def broken(*_, **__):
        msg = "no gates today"
        raise lw.ModelChangedError(msg)

    monkeypatch.setattr(extraction, "extract", broken)
    with pytest.raises(lw.ModelChangedError):
        widget.sample = 60
    assert widget.sample == 0
    assert widget._scene["sample"] == 0
    widget.set_state({"sample": 60})
    assert widget.sample == 0
    assert "no gates today" in widget._problem


def test_tokens_are_named_by_the_vocabulary():
    model = keras.Sequential([keras.Input((5,), dtype="int32"), keras.layers.Embedding(9, 3), keras.layers.LSTM(4)])
    tokens = np.array([[1, 2, 3, 4, 0], [8, 7, 6, 5, 0]])
    widget = lw.LSTMWidget(model, tokens, vocabulary=["-", "the", "cat", "sat", "down"], sample=1)
    assert widget._shelf.timestep_labels(widget.layer, 0, 0, 4) == ["the", "cat", "sat", "down"]
    assert widget._shelf.timestep_labels(widget.layer, 1, 0, 2) == ["8", "7"], "a word that is not in it is its number"


@pytest.mark.parametrize("place", [(0, 0, 0), (1, 0, 0), (2, 0, 0), (2, 1, 0)])
def test_any_weight_that_changes_is_noticed(place, x):
    model = keras.Sequential([keras.Input((6, 3)), keras.layers.GRU(4, name="gru")])
    found = source.TraceSource(lw.extract(model, x[:2]))
    assert not found.changed()
    weights, (part, row, column) = model.get_weights(), place
    weights[part][row, column] += 1
    model.set_weights(weights)
    assert "'gru' have changed" in found.changed()
