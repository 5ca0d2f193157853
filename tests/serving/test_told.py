"""Targets and names follow the rows of the input, also where a layer makes other samples of them."""

import json

import keras
import numpy as np
import pytest
from small_models import data, randomise

import lstm_widget as lw

L = keras.layers


def in_time(rows, lanes):
    return np.concatenate(np.split(rows, len(rows) // lanes), axis=1)


def stateful(*layers):
    return randomise(keras.Sequential([keras.Input(batch_shape=(4, 6, 1)), *layers]))


def expected(widget):
    """What the page is told was expected at each timestep."""
    block = widget._scene["output"]["expected"]
    return np.frombuffer(widget._overview, "<f4", block["stop"], offset=block["offset"])


@pytest.fixture(scope="module")
def x():
    return data(8, 6, 1)


@pytest.fixture(scope="module")
def answering(x):
    """A stateful model that answers at each timestep."""
    return stateful(L.LSTM(3, stateful=True, return_sequences=True, name="lstm"), L.Dense(1))


@pytest.mark.parametrize("form", ["a row", "joined"])
def test_targets_of_a_stateful_model_are_rows_or_joined_as_its_arrays_are(answering, x, form):
    y = data(8, 6, 1, seed=1)
    targets = y if form == "a row" else in_time(y, 4)
    trace = lw.extract(answering, x)
    for widget in (lw.LSTMWidget(answering, x, targets=targets), lw.LSTMWidget(trace, targets=targets)):
        losses = np.square(trace.outputs - y).mean(axis=(1, 2)).reshape(2, 4).mean(axis=0)
        assert widget.sample == losses.argmax()
        for sample in range(4):
            widget.sample = sample
            np.testing.assert_array_equal(expected(widget), in_time(y, 4)[sample, :, 0])
    figure = trace.plot_prediction(targets, sample=5)
    drawn = [line.get_ydata()[1:-1] for line in figure.axes[0].child_axes[2].lines if line.get_linestyle() == "--"]
    np.testing.assert_allclose(drawn[0], y[5, :, 0], rtol=1e-6)


@pytest.mark.parametrize("targets", [np.zeros((6, 6, 1)), np.zeros(4), np.zeros((4, 6, 1)), 3.0])
def test_too_few_are_refused_alike(answering, x, targets):
    trace, says = lw.extract(answering, x), r"targets: found (.*), but there are 8 samples here.*y\[:8\]"
    for ask in (lambda: lw.LSTMWidget(trace, targets=targets), lambda: trace.plot_prediction(targets)):
        with pytest.raises(lw.InputError, match=says):
            ask()


def test_a_stateful_model_that_answers_once_a_row_is_shown_with_the_last_of_them(x):
    model = stateful(L.LSTM(3, stateful=True, name="lstm"), L.Dense(3, activation="softmax"))
    trace, y = lw.extract(model, x), np.arange(8) % 3
    widget = lw.LSTMWidget(trace, targets=y, sample=1)
    assert widget._scene["target"] == f"class {y[5]}"
    assert widget._scene["prediction"].startswith(f"class {trace.outputs[5].argmax()}")
    _, lines = widget._shelf.samples_found("lstm", "", among="all", by="index", lines=(0, 4))
    assert [line["wrong"] for line in lines] == (trace.outputs.argmax(axis=1) != y)[4:].tolist()


def test_a_page_of_one_lane_carries_what_was_expected_there(answering, x, tmp_path):
    y = data(8, 6, 1, seed=1)
    widget = lw.LSTMWidget(answering, x, targets=y, sample=2)
    widget.save_html(tmp_path / "page.html", samples=[2])
    page = (tmp_path / "page.html").read_text("utf-8")
    (line,) = json.loads(page.split('id="lw-data">')[1].split("</script>")[0])["layers"]["lstm"]["lines"]
    outputs = lw.extract(answering, x).outputs
    assert line["loss"] == pytest.approx(np.square(outputs - y)[[2, 6]].mean(), rel=1e-5)


@pytest.fixture(scope="module")
def sentences():
    """Documents of three sentences of five words, read sentence by sentence."""
    return data(4, 3, 5, 2)


@pytest.mark.parametrize("form", ["a sentence", "a document of sentences"])
def test_targets_of_time_distributed_samples(sentences, form):
    layers = [L.TimeDistributed(L.LSTM(4, name="words")), L.TimeDistributed(L.Dense(2, activation="softmax"))]
    model = randomise(keras.Sequential([keras.Input((3, 5, 2)), *layers]))
    trace, y = lw.extract(model, sentences), np.arange(12) % 2
    targets = y if form == "a sentence" else y.reshape(4, 3)
    for widget in (lw.LSTMWidget(trace, targets=targets), lw.LSTMWidget(model, sentences, targets=targets)):
        widget.sample = 7
        assert widget._scene["target"] == "class 1"
        assert widget._scene["prediction"].startswith(f"class {trace.outputs[2, 1].argmax()}")
        assert widget._scene["wrong"] == (trace.outputs[2, 1].argmax() != 1)


def test_one_target_a_document_is_that_of_each_sentence(sentences):
    layers = [L.TimeDistributed(L.LSTM(4), name="words"), L.LSTM(3, name="document"), L.Dense(3, activation="softmax")]
    model = randomise(keras.Sequential([keras.Input((3, 5, 2)), *layers]))
    trace = lw.extract(model, sentences)
    names, y = list(trace), trace.outputs.argmax(axis=1)
    y[2] = (y[2] + 1) % 3
    assert [trace[name].samples for name in names] == [12, 4]
    widget = lw.LSTMWidget(trace, targets=y)
    assert (widget.layer, widget.sample) == (names[1], 2)
    widget.layer, widget.sample = names[0], 8
    assert (widget._scene["target"], widget._scene["wrong"]) == (f"class {y[2]}", True)
    lines = widget._shelf.samples_found(names[0], "", among="wrong", by="index", lines=(0, 12))[1]
    assert [line["sample"] for line in lines] == [6, 7, 8]


def test_the_nearest_sample_is_found_among_those_of_the_layer(sentences):
    layers = [L.TimeDistributed(L.LSTM(4), name="words"), L.LSTM(3, name="document"), L.Dense(3, activation="softmax")]
    model = randomise(keras.Sequential([keras.Input((3, 5, 2)), *layers]))
    x = sentences.copy()
    x[3, 2] = x[1, 0] + 0.01
    kernel, bias = model.layers[-1].get_weights()
    model.layers[-1].set_weights([kernel, np.add(bias, [9, 0, 0])])
    trace = lw.extract(model, x)
    assert lw.LSTMWidget(trace, targets=[0] * 4)._shelf.nearest(next(iter(trace)), 3) == 11


@pytest.mark.parametrize(("names", "title"), [("abcd", "c"), ("abcdefgh", "c")])
def test_a_joined_sample_has_its_own_name_or_that_of_its_first_row(answering, x, names, title):
    assert lw.LSTMWidget(answering, x, sample_labels=list(names), sample=2)._scene["title"] == title


@pytest.mark.parametrize("count", [3, 5, 9])
def test_other_numbers_of_names_are_refused(answering, x, count):
    with pytest.raises(lw.InputError, match=f"{count} labels, but there are 4 samples"):
        lw.LSTMWidget(answering, x, sample_labels=["name"] * count)
