"""marimo in run mode: shows in its shadow root, both directions of sync, tiles, keys."""

import re
import sys

import pytest
from playwright.sync_api import expect
from servers import free_port, own_folders, serving

APP = """
import marimo

app = marimo.App()


@app.cell
def _():
    import keras
    import marimo as mo
    import numpy as np

    import lstm_widget as lw

    layers = [keras.layers.LSTM(64, name="lstm", return_sequences=True), keras.layers.Dense(1)]
    model = keras.Sequential([keras.Input((5000, 2)), *layers])
    trace = lw.extract(model, np.random.default_rng(0).normal(size=(1, 5000, 2)).astype("float32"))
    w = lw.LSTMWidget(trace, timestep=40, unit=3, sort="index", zoom=(0, 100))
    return mo, trace, w


@app.cell
def _(mo, w):
    shown = mo.ui.anywidget(w)
    shown
    return (shown,)


@app.cell
def _(mo):
    far = mo.ui.button(label="far", on_click=lambda _: True)
    far
    return (far,)


@app.cell
def _(far, w):
    if far.value:
        w.timestep = 4321
    return


@app.cell
def _(mo, shown, trace):
    selected = shown.value["timestep"], shown.value["unit"]
    mo.md(f"kernel: {selected[0]} {selected[1]}, far f: {trace['lstm'].forget_gate[0, 4321, 4]:.4f}")
    return


if __name__ == "__main__":
    app.run()
"""


@pytest.fixture
def app(tmp_path):
    """Start marimo on the app, with a home of its own; give the address."""
    (tmp_path / "app.py").write_text(APP)
    (home := tmp_path / "home").mkdir()
    address = f"http://127.0.0.1:{(port := free_port())}"
    command = [
        *(sys.executable, "-m", "marimo", "run", str(tmp_path / "app.py")),
        *("--headless", "--no-token", "--host=127.0.0.1", f"--port={port}"),
    ]
    places = {
        name: str(home) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
    }
    environment = {**own_folders(tmp_path), **places}
    with serving(command, f"{address}/health", cwd=tmp_path, environment=environment, log=tmp_path / "log"):
        yield address


def test_shows_syncs_both_ways_and_asks_for_tiles(app, page):
    page.goto(app)
    slider = page.get_by_role("slider", name="timestep", exact=True)
    slider.wait_for(timeout=90_000)
    assert page.locator(".lw-root").evaluate("element => element.getRootNode() instanceof ShadowRoot")
    slider.press("ArrowRight")
    slider.press("ArrowDown")
    expect(page.locator(".lw-caption")).to_contain_text("Unit 4, t = 41")
    said = page.get_by_text("kernel:")
    expect(said).to_contain_text("kernel: 41 4")
    page.get_by_role("button", name="far").click()
    expect(slider).to_have_attribute("aria-valuetext", re.compile("t = 4321"))
    exact = re.search(r"far f: (\d\.\d+)", said.inner_text())[1]
    expect(page.locator(".lw-numbers, .lw-side").first).to_contain_text(exact)
