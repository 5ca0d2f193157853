"""Of a model that returns several outputs one is named, where targets are: in figures and in the widget."""

import re

import keras
import numpy as np
import pytest
from handmade import layer_of
from small_models import data, randomise

import lstm_widget as lw

L = keras.layers
X = data(6, 5, 2)
COUNT, PARITY = data(6, 5, 1, seed=1), np.arange(30).reshape(6, 5) % 3


def two(container):
    i = keras.Input((5, 2))
    h = L.LSTM(4, return_sequences=True, name="lstm")(i)
    count, parity = L.Dense(1, name="count")(h), L.Dense(3, activation="softmax", name="parity")(h)
    return randomise(keras.Model(i, {"count": count, "parity": parity} if container is dict else [count, parity]))


def drawn(figure):
    """The predicted line, or the map of classes."""
    band = figure.axes[0].child_axes[2]
    if band.images:
        return band.images[0].get_array()
    return next(line.get_ydata()[1:-1] for line in band.lines if len(line.get_ydata()) > 2)


CASES = [(dict, "count", COUNT), (dict, "parity", PARITY), (list, 0, COUNT), (list, 1, PARITY)]


@pytest.mark.parametrize(("container", "output", "targets"), CASES)
def test_an_output_is_named(container, output, targets):
    model = two(container)
    trace = lw.extract(model, X)
    returned = trace.outputs[output]
    figure = trace.plot_prediction(targets, sample=2, output=output)
    np.testing.assert_allclose(drawn(figure), returned[2].T.squeeze(), rtol=1e-6)
    losses = (
        np.square(returned - COUNT) if targets is COUNT else -np.log(np.take_along_axis(returned, PARITY[..., None], 2))
    )
    for what in ((trace,), (model, X)):
        widget = lw.LSTMWidget(*what, targets=targets, output=output)
        assert widget.sample == losses.mean(axis=(1, 2)).argmax()
        series = widget._scene["output"]["series"]
        assert len(series["features"]) == returned.shape[2]


@pytest.fixture(scope="module")
def recording():
    model = two(dict)
    model.compile("adam", {"count": "mse", "parity": "sparse_categorical_crossentropy"})
    recorder = lw.GateRecorder(X)
    model.fit(X, {"count": COUNT, "parity": PARITY}, epochs=2, verbose=0, callbacks=[recorder])
    return recorder.recording


def test_targets_may_be_what_fit_was_given(recording):
    both = {"count": COUNT, "parity": PARITY}
    trace = recording[1].trace
    figure = trace.plot_prediction(both, sample=2, output="parity")
    np.testing.assert_allclose(drawn(figure), trace.outputs["parity"][2].T, rtol=1e-6)
    one, other = (lw.LSTMWidget(recording, targets=t, output="parity") for t in (both, PARITY))
    assert one._scene["output"]["expected"] is not None
    assert (one.sample, one._scene["output"]) == (other.sample, other._scene["output"])
    assert lw.LSTMWidget({"a": recording[0].trace, "b": trace}, targets=both, output="count")._scene["output"][
        "expected"
    ]


def test_without_targets_no_output_needs_a_name(recording):
    assert lw.LSTMWidget(recording)._scene["output"] is None
    widget = lw.LSTMWidget(recording, output="count")
    assert widget._scene["output"]["series"]["features"] == ["output"]


def test_a_page_shows_the_output_that_the_widget_shows(recording, tmp_path):
    lw.LSTMWidget(recording, targets=COUNT, output="count").save_html(tmp_path / "page.html", samples=[1, 3])
    page = (tmp_path / "page.html").read_text("utf-8")
    off = np.square(recording[-1].trace.outputs["count"] - COUNT)[3].mean()
    assert float(re.findall(r'"loss":([\d.e-]+)', page)[1]) == pytest.approx(off, rel=1e-5)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"targets": COUNT}, "returned 2 outputs.*type output='count' or output='parity'"),
        ({"targets": COUNT, "output": "sum"}, "output='sum' is none.*output='count' or output='parity'"),
        ({"targets": COUNT, "output": 0}, "output=0 is none.*output='count'"),
        ({"targets": {"parity": PARITY}, "output": "count"}, "targets holds 'parity', and not 'count'"),
    ],
)
def test_what_is_not_there_is_refused_alike(recording, given, says):
    for ask in (lambda: lw.LSTMWidget(recording, **given), lambda: recording[0].trace.plot_prediction(**given)):
        with pytest.raises(lw.InputError, match=says):
            ask()


def test_one_output_has_no_name():
    with pytest.raises(
        lw.InputError, match="output=0 is none of what the model returned; it returned one: leave it out"
    ):
        lw.example().plot_prediction(lw.example().outputs, output=0)


def test_a_list_of_one_is_one_output():
    """As keras.Model(inputs, [output]) returns it."""
    i = keras.Input((5, 2))
    model = randomise(keras.Model(i, [L.Dense(1)(L.LSTM(4, name="lstm")(i))]))
    trace, y = lw.extract(model, X), np.arange(6.0)
    for widget in (lw.LSTMWidget(trace, targets=y), lw.LSTMWidget(model, X, targets=y)):
        assert widget.sample == np.square(np.ravel(trace.outputs) - y).argmax()
    assert trace.plot_prediction(y)


def test_outputs_within_outputs_are_no_numbers():
    trace = lw.Trace({"layer": layer_of()}, inputs=np.zeros((1, 4, 1)), outputs={"a": [np.zeros((1, 1))] * 2, "b": 0})
    with pytest.raises(lw.InputError, match=r"returned a list; numbers of shape \(sample, output\)"):
        trace.plot_prediction([0], output="a")
