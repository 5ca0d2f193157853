"""What is odd, broken or hostile, looked at as a person would: nothing throws, and it is shown as what it is.

The page is watched: an error on its console or an uncaught exception fails the test that opened it.
"""

import re

import keras
import numpy as np
import pytest
from bare_page import show, until
from playwright.sync_api import expect

import lstm_widget as lw

EVERY_KEY = (*"123456.,[]m", "ArrowRight", *"mmccppaassvvz", "ArrowDown", "End", "Home")


@pytest.fixture
def walk(page):
    """Open a widget and press, hover and open whatever there is."""

    def through(widget, width=1100):
        show(page, widget, width=width)
        root = page.locator(".lw-root")
        for key in EVERY_KEY:
            root.press(key)
        for plot in page.locator(".lw-plot:visible, .lw-map-plot:visible").all():
            plot.hover(position={"x": 5, "y": 5})
        root.press("?")
        expect(page.get_by_role("dialog", name="keys")).to_be_visible()
        page.keyboard.press("Escape")
        for gate in page.locator(".lw-gate:visible").all():
            gate.click()
        expect(page.locator(".lw-caption")).to_contain_text("t = ")
        # Nothing is wider than the room it has.
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
        return page

    return through


def model_of(timesteps, units, cell=keras.layers.LSTM, features=2, **options):
    keras.utils.set_random_seed(0)
    layer = cell(units, name="layer", **options)
    return keras.Sequential([keras.Input((timesteps, features)), layer, keras.layers.Dense(2)])


def noise(samples, timesteps, features=2):
    return np.random.default_rng(0).normal(size=(samples, timesteps, features)).astype("float32")


@pytest.mark.parametrize("cell", [keras.layers.LSTM, keras.layers.GRU, keras.layers.SimpleRNN])
@pytest.mark.parametrize(("samples", "timesteps", "units"), [(1, 1, 1), (1, 30, 1), (3, 1, 8), (1, 2, 300)])
def test_one_of_each(walk, cell, samples, timesteps, units):
    widget = lw.LSTMWidget(model_of(timesteps, units, cell), noise(samples, timesteps))
    page = walk(widget)
    expect(page.locator(".lw-count")).to_contain_text(f"of {units}" if units > 100 else f"{units}")


def test_constant_tensors(walk):
    model = model_of(20, 4, kernel_initializer="zeros", recurrent_initializer="zeros")
    walk(lw.LSTMWidget(model, np.zeros((2, 20, 2), "float32"), scale="unit"))


def test_nan_from_some_timestep_on_is_shown_as_such(walk):
    x = noise(2, 20)
    x[0, 7] = np.nan
    page = walk(lw.LSTMWidget(model_of(20, 4), x, sample=0, timestep=9, diagram=True))
    page.locator(".lw-root").press("End")
    expect(page.locator(".lw-caption")).to_contain_text("not a number")


def test_infinity_is_shown_as_such(walk):
    model = model_of(60, 4, activation="relu", recurrent_initializer=keras.initializers.Constant(1e20))
    widget = lw.LSTMWidget(model, 1e15 * np.abs(noise(1, 60)), quantity="c")
    assert not np.isfinite(widget._shelf.at("layer", 0)[0].cell_state).all()
    walk(widget)


ODD = [
    "",
    " ",
    "<img src=x onerror=alert(1)>",
    "&amp;",
    "\u202eright to left",
    "\u0634\u0644\u0648\u0645",
    "\U0001f469‍\U0001f680",
    "a" * 5000,
    "\0",
    "dup",
    "dup",
]


def test_odd_labels_are_text(walk):
    model = keras.Sequential(
        [keras.Input((22,), dtype="int32"), keras.layers.Embedding(11, 3), keras.layers.LSTM(4), keras.layers.Dense(2)]
    )
    texts = np.tile(np.arange(11, dtype="int32"), (11, 2))
    widget = lw.LSTMWidget(
        model, texts, vocabulary=ODD, sample_labels=ODD, timestep_labels=ODD * 2, targets=np.zeros(11, int)
    )
    page = walk(widget)
    page.get_by_role("button", name="sample: ").click()
    expect(page.get_by_role("listbox", name="samples")).to_contain_text("<img src=x")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="rows").click()
    expect(page.locator("img")).to_have_count(0)


def test_odd_names_of_features(walk):
    walk(lw.LSTMWidget(model_of(10, 4), noise(1, 10), feature_names=["<b>x</b>", ""]))


@pytest.mark.slow
def test_a_million_labels(walk):
    layer = keras.layers.SimpleRNN(2, name="layer")
    model = keras.Sequential([keras.Input((1_000_000, 1)), layer])
    labels = [f"step {t}" for t in range(1_000_000)]
    widget = lw.LSTMWidget(model, np.ones((1, 1_000_000, 1), "float32"), timestep_labels=labels)
    page = walk(widget)
    page.locator(".lw-root").press("t")
    page.keyboard.type("step 765432")
    page.keyboard.press("Enter")
    until(page, lambda: widget.timestep == 765_432)
    slider = page.get_by_role("slider", name="timestep", exact=True)
    expect(slider).to_have_attribute("aria-valuetext", re.compile("t = 765432 . step 765432"))


def test_a_million_samples(walk):
    rows = np.broadcast_to(noise(1, 3), (1_000_000, 3, 2))
    widget = lw.LSTMWidget(model_of(3, 2), rows, sample_labels=[f"row {k}" for k in range(1_000_000)])
    page = walk(widget)
    page.get_by_role("button", name="sample: ").click()
    page.get_by_role("combobox", name="search samples").fill("row 765432")
    page.get_by_role("option", name="row 765432").click()
    until(page, lambda: widget.sample == 765_432)


@pytest.mark.parametrize("width", [480, 900, 1600])
def test_long_names_fit(walk, page, width):
    page.set_viewport_size({"width": width, "height": 1000})
    name = "a_layer_with_a_name_that_nobody_would_ever_want_to_type_" * 3
    model = keras.Sequential([keras.Input((10, 2)), keras.layers.LSTM(4, name=name), keras.layers.Dense(2)])
    walk(lw.LSTMWidget(model, noise(2, 10), sample_labels=[name] * 2, feature_names=[name] * 2), width=width)


def test_a_callable_that_raises_is_an_answer_and_no_more(walk):
    def labels(sample):
        if sample:
            raise RuntimeError("no labels for this one")
        return [str(t) for t in range(10)]

    widget = lw.LSTMWidget(model_of(10, 4), noise(2, 10), timestep_labels=labels)
    walk(widget)
    widget.sample = 1
