"""What people come with, and the presses that answer it; docs/questions.md tells the same in words.

No Jupyter here: the real kernel side and the real bundle on an empty page, held to good manners like every page.
"""

import re

import keras
import numpy as np
import pytest
from bare_page import show, until
from playwright.sync_api import expect

import lstm_widget as lw


@pytest.fixture
def press(page):
    def send(*keys):
        for key in keys:
            page.locator(".lw-root").press(key)

    return send


@pytest.fixture
def classifier():
    keras.utils.set_random_seed(0)
    head = keras.layers.Dense(2, activation="softmax")
    model = keras.Sequential([keras.Input((40, 2)), keras.layers.LSTM(8, name="lstm"), head])
    x = np.random.default_rng(0).normal(size=(30, 40, 2)).astype("float32")
    y = model.predict(x, verbose=0).argmax(axis=1)
    y[17] = 1 - y[17]
    return model, x, y


def test_why_is_it_wrong_about_this_series(page, press, classifier):
    model, x, y = classifier
    widget = lw.LSTMWidget(model, x, targets=y)
    show(page, widget)
    # It opens on the sample that the model gets most wrong, and says when it went wrong.
    expect(page.get_by_role("button", name="sample: ")).to_contain_text("17")
    expect(page.locator(".lw-stack")).to_contain_text("prediction so far")
    press("c")
    expect(page.locator(".lw-tracks canvas.lw-canvas")).to_have_attribute("aria-label", re.compile("in sample"))
    until(page, lambda: widget.compared is not None)
    assert y[widget.compared] == y[17]
    page.get_by_role("button", name="A \N{MINUS SIGN} B").click()
    expect(page.locator(".lw-map-plot canvas")).to_have_attribute("aria-label", re.compile("forget gate"))
    until(page, lambda: widget.comparison == "difference")
    press("c")
    expect(page.get_by_role("button", name="A \N{MINUS SIGN} B")).to_be_hidden()


def test_what_happens_in_a_gate_said_before_a_class(page, press):
    layer = lw.example().only
    widget = lw.LSTMWidget(lw.example(), sample=3, timestep=5, unit=2)
    show(page, widget)
    press("v")
    gate = page.locator(".lw-gate").filter(has_text="f").first
    expect(gate).to_contain_text("?")
    gate.click()
    f, *_ = layer["f"][3, 5, [2]]
    expect(page.locator(".lw-equation")).to_contain_text(f"{f:.2f}")
    until(page, lambda: widget.quantity == "forget_gate")
    press("ArrowRight")
    expect(gate).to_contain_text("?")
    press("v")
    expect(gate).to_contain_text(f"{layer['f'][3, 6, 2]:.2f}")
    expect(page.locator(".lw-equation")).to_contain_text("sigmoid(")


def test_which_words_does_the_backward_layer_keep(page, press):
    keras.utils.set_random_seed(0)
    inputs = keras.Input((30,), dtype="int32")
    h = keras.layers.Embedding(50, 4, mask_zero=True)(inputs)
    for _ in range(2):
        h = keras.layers.Bidirectional(keras.layers.LSTM(64, return_sequences=True))(h)
    h = keras.layers.Bidirectional(keras.layers.LSTM(64))(h)
    model = keras.Model(inputs, keras.layers.Dense(3, activation="softmax")(h))
    texts = np.zeros((200, 30), "int32")
    for row, length in enumerate(np.random.default_rng(0).integers(5, 30, 200)):
        texts[row, :length] = np.random.default_rng(row).integers(1, 50, length)
    y = np.random.default_rng(1).integers(0, 3, 200)
    widget = lw.LSTMWidget(model, texts, targets=y, vocabulary=["<pad>", *(f"word{k}" for k in range(1, 50))])
    show(page, widget)
    expect(page.locator(".lw-stack")).to_contain_text("word")
    page.get_by_role("button", name="backward").click()
    expect(page.locator(".lw-diagram")).to_contain_text("read backward")
    until(page, lambda: "backward" in widget.layer)
    page.get_by_role("button", name="sample: ").click()
    page.get_by_role("button", name="right", exact=True).click()
    listed = page.get_by_role("listbox", name="samples")
    expect(listed.get_by_label("right").first).to_be_visible()
    expect(listed.get_by_label("wrong")).to_have_count(0)
    listed.get_by_role("option").first.click()
    right = model.predict(texts, verbose=0).argmax(axis=1) == y
    expect(page.locator(".lw-outcome")).to_be_visible()
    until(page, lambda: right[widget.sample])
    page.get_by_label("show only these units").fill("12, 40-48")
    expect(page.locator(".lw-count")).to_contain_text("10 of 64")


@pytest.mark.slow
def test_does_it_still_remember_after_50_000_timesteps(page, press):
    keras.utils.set_random_seed(0)
    layer = keras.layers.LSTM(8, name="lstm", bias_initializer=keras.initializers.Constant(4.0), unit_forget_bias=False)
    model = keras.Sequential([keras.Input((50_000, 1)), layer, keras.layers.Dense(1)])
    x = np.random.default_rng(0).normal(size=(1, 50_000, 1)).astype("float32")
    widget = lw.LSTMWidget(model, x, sort="half_life")
    show(page, widget)
    unit = widget._scene["order"][0]
    press("t")
    page.keyboard.type("40000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("slider", name="timestep", exact=True)).to_have_value("40000")
    press("5")
    press("Home")
    until(page, lambda: widget.timestep == 0)
    press("End")
    expect(page.locator(".lw-caption")).to_contain_text("t = 49999")
    for sort in ("index", "saturation", "half_life"):
        page.get_by_label("order of the units").select_option(sort)
        until(page, lambda sort=sort: widget.sort == sort)
    assert widget._scene["order"][0] == unit
    expect(page.locator(".lw-diagram")).to_contain_text("half-life")


def test_the_view_is_taken_away_as_a_line_of_python(page, press):
    widget = lw.LSTMWidget(lw.example(), sample=2, timestep=4, unit=3, pinned=[1], quantity="c", panel="all")
    show(page, widget)
    page.get_by_role("button", name="copy Python").click()
    # The page has no clipboard here; the line then stands in a field.
    line = page.locator(".lw-root input[readonly]").input_value()
    again = eval(line.replace("model, x", "lw.example()"), {"lw": lw})  # noqa: S307  (our own line)
    for name in ("layer", "sample", "timestep", "unit", "pinned", "quantity", "panel", "zoom"):
        assert getattr(again, name) == getattr(widget, name), name


def test_weights_that_changed_are_said_and_numbers_made_anew(page, classifier):
    model, x, y = classifier
    widget = lw.LSTMWidget(model, x, targets=y)
    before = bytes(widget._overview)
    layer = model.get_layer("lstm")
    layer.set_weights([weights * 2 for weights in layer.get_weights()])
    widget.notice_changes()
    assert "'lstm'" in widget._stale
    show(page, widget)
    expect(page.get_by_text("have changed")).to_be_visible()
    page.get_by_role("button", name="refresh").click()
    until(page, lambda: widget._stale == "")
    assert bytes(widget._overview) != before
