"""The page that nbconvert makes of a notebook, offline."""

import re
import subprocess
import sys

import nbformat
import pytest
from notebook_files import new_notebook, shows_the_still
from playwright.sync_api import expect

LARGE = """
import keras, numpy as np
model = keras.Sequential([keras.Input((4000, 1)), keras.layers.LSTM(64)])
lw.LSTMWidget(lw.extract(model, np.random.default_rng(0).normal(size=(1, 4000, 1))), unit=2, timestep=5)
"""

SET_UP = """
import keras, numpy as np
import lstm_widget as lw
x = np.random.default_rng(0).normal(size=(8, 6, 1)).astype("float32")
model = keras.Sequential([keras.Input((6, 1)), keras.layers.LSTM(4, name="lstm"), keras.layers.Dense(1)])
model.compile("sgd", "mse")
recorder = lw.GateRecorder(x[:2])
w = lw.LSTMWidget(recorder.recording, timestep=5)
w
"""
TRAINED = [SET_UP, "model.fit(x, x.sum(axis=1), epochs=2, verbose=0, callbacks=[recorder]);", "w"]


@pytest.fixture
def converted(tmp_path, saved_notebook):
    """The page, made by the command that people type."""

    def convert(*options):
        nbformat.write(saved_notebook, tmp_path / "gates.ipynb")
        command = [sys.executable, "-m", "nbconvert", "--execute", "--to", "html", *options, "gates.ipynb"]
        ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr
        return tmp_path / "gates.html"

    return convert


@pytest.fixture
def offline(page):
    """No network: nbconvert's own template asks for MathJax, RequireJS and the widget manager."""
    page.route("**/*", lambda route: route.continue_() if route.request.url.startswith("file:") else route.abort())
    return page


def forget(watch):
    """What nbconvert's template missed is not ours."""
    watch.requests.clear()
    watch.console.clear()
    watch.exceptions.clear()


def test_it_is_light_as_the_page_is(offline, watch, converted):
    offline.emulate_media(color_scheme="dark")
    offline.goto(converted().as_uri())
    expect(offline.frame_locator("iframe[title=lstm_widget]").locator(".lw-root:not([data-lw-dark])")).to_be_visible()
    forget(watch)


@pytest.mark.parametrize("width", [1400, 700])
def test_the_widget_is_on_the_page_and_works(offline, watch, converted, width):
    offline.set_viewport_size({"width": width, "height": 1000})
    offline.goto(converted().as_uri())
    frame = offline.frame_locator("iframe[title=lstm_widget]")
    slider = frame.get_by_role("slider", name="timestep", exact=True)
    slider.press("ArrowRight")
    expect(slider).to_have_value("6")
    expect(frame.locator(".lw-caption")).to_contain_text("Unit 2, t = 6")
    over, below = (offline.locator(each).bounding_box() for each in ("iframe", "img[alt^=Gates]"))
    assert over["y"] <= below["y"]
    assert over["y"] + over["height"] >= below["y"] + below["height"]
    forget(watch)
    for key in ("a", "?", "Escape", "PageDown"):
        slider.press(key)


def test_where_frames_are_taken_away_there_is_the_picture(offline, watch, converted):
    page = converted()
    page.write_text(re.sub(r"<iframe.*?</iframe>", "", page.read_text(), flags=re.DOTALL))
    offline.goto(page.as_uri())
    shows_the_still(offline)
    forget(watch)


def test_a_page_that_is_too_large_is_left_out(offline, watch, saved_notebook, converted):
    saved_notebook.cells[1].source = LARGE
    offline.goto(converted().as_uri())
    shows_the_still(offline)
    expect(offline.locator("iframe")).to_have_count(0)
    forget(watch)


def test_without_widget_state_it_is_the_same(offline, watch, converted):
    offline.goto(converted("--ExecutePreprocessor.store_widget_state=False").as_uri())
    expect(offline.frame_locator("iframe[title=lstm_widget]").locator(".lw-caption")).to_be_visible()
    forget(watch)


def test_a_training_that_was_waited_for_is_words_before_it_and_the_widget_after_it(
    offline, watch, saved_notebook, converted
):
    saved_notebook.cells = new_notebook(TRAINED).cells
    offline.goto(converted().as_uri())
    before, after = (offline.locator(".jp-Cell").nth(place).locator(".jp-OutputArea-output") for place in (0, 2))
    words = before.get_by_text("No gates to show yet: when this cell ran, its recording had no step.")
    expect(words).to_be_visible()
    expect(before.get_by_text("type LSTMWidget(recorder.recording) in a cell after the training")).to_be_visible()
    expect(after.frame_locator("iframe[title=lstm_widget]").locator(".lw-caption")).to_contain_text("t = 5")
    # What the host would have to fetch from elsewhere.
    expect(offline.locator("script[type='application/vnd.jupyter.widget-view+json']")).to_have_count(0)
    forget(watch)
