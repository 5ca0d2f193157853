"""Notebook 7, by the same server: shows, both directions of sync, tiles, keys."""

import re

import pytest
from playwright.sync_api import expect

WIDGET = """
import numpy as np, keras, lstm_widget as lw
layers = [keras.layers.LSTM(64, name="lstm", return_sequences=True), keras.layers.Dense(1)]
model = keras.Sequential([keras.Input((5000, 2)), *layers])
trace = lw.extract(model, np.random.default_rng(0).normal(size=(1, 5000, 2)).astype("float32"))
w = lw.LSTMWidget(trace, timestep=40, unit=3, sort="index", zoom=(0, 100))
w
"""


@pytest.fixture
def notebook(notebook, watch):
    """As in JupyterLab, at the other address."""
    # It throws on pages without a widget, too, now and then: for a schema of its settings, or a command it has not.
    watch.only_ours = True
    return lambda cells, **options: notebook(cells, at="notebooks", **options)


def test_shows_syncs_both_ways_and_asks_for_tiles(notebook, run_cell):
    page = notebook(
        [
            WIDGET,
            "print(w.timestep, w.unit)",
            "w.timestep = 4321",
            "f = trace['lstm'].forget_gate[0, 4321, 4]; print(f'{f:.4f}')",
        ],
        run=1,
    )
    slider = page.get_by_role("slider", name="timestep", exact=True)
    slider.press("ArrowRight")
    slider.press("ArrowDown")
    expect(page.locator(".lw-caption")).to_contain_text("Unit 4, t = 41")
    # Notebook's own keys did not see them: no cell was inserted or left.
    slider.press("a")
    slider.press("a")
    expect(page.locator(".jp-CodeCell")).to_have_count(4)
    assert run_cell(1).strip() == "41 4"
    run_cell(2)
    expect(slider).to_have_attribute("aria-valuetext", re.compile("t = 4321"))
    exact = run_cell(3).strip()
    expect(page.locator(".lw-numbers, .lw-side").first).to_contain_text(re.compile(re.escape(exact)))
