"""What holds two views, two widgets, a page and its kernel together; and what is said when it breaks."""

import pytest
from playwright.sync_api import expect

WIDGET = """
import ipywidgets
import lstm_widget as lw
w = lw.LSTMWidget(lw.example(), sample=3, unit=2, timestep=5, sort="index")
w
"""


def slider(page, index=0):
    return page.get_by_role("slider", name="timestep").nth(index)


@pytest.fixture
def linked(notebook):
    cells = [
        WIDGET,
        'v = lw.LSTMWidget(lw.example(), sample=1); link = ipywidgets.jslink((w, "timestep"), (v, "timestep")); v',
        "print(w.timestep, v.timestep)",
    ]
    page = notebook(cells, run=2)
    slider(page, 1).wait_for()
    return page


def test_linked_in_the_browser_two_widgets_stay_in_step(linked, run_cell):
    slider(linked, 0).focus()
    linked.keyboard.press("ArrowRight")
    expect(slider(linked, 1)).to_have_value("6")
    slider(linked, 1).focus()
    linked.keyboard.press("ArrowLeft")
    linked.keyboard.press("ArrowLeft")
    expect(slider(linked, 0)).to_have_value("4")
    assert run_cell(2).strip() == "4 4"


def test_observe_sees_what_a_person_does(notebook, run_cell):
    watch = 'seen = {}; w.observe(lambda change: seen.update({change["name"]: change["new"]}), ["timestep", "unit"])'
    page = notebook([WIDGET, watch, "print(sorted(seen.items()))"], run=2)
    slider(page).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".lw-caption")).to_contain_text("Unit 3, t = 6")
    assert run_cell(2).strip() == "[('timestep', 6), ('unit', 3)]"


def test_the_view_survives_scrolling_away_and_running_its_cell_again(notebook, run_cell):
    page = notebook([WIDGET.replace("\nw\n", ""), "w", "\n".join(f"print({k})" for k in range(80)), "w"], run=3)
    slider(page).focus()
    for key in ("ArrowRight", "ArrowRight", "p", "5"):
        page.keyboard.press(key)
    expect(slider(page)).to_have_value("7")
    last = page.locator(".jp-CodeCell").nth(3)
    last.scroll_into_view_if_needed()
    run_cell(3)
    again = slider(page, -1)
    expect(again).to_have_value("7")
    run_cell(1)
    expect(slider(page, 0)).to_have_value("7")
    expect(page.locator(".lw-track-name[aria-pressed=true]").first).to_contain_text("cell state")


def test_two_windows_on_one_notebook_stay_in_step(notebook, run_cell):
    page = notebook([WIDGET, "print(w.timestep, w.unit)"], run=1)
    slider(page).wait_for()
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    other = page.context.new_page()
    other.goto(page.url)
    slider(other).wait_for()
    slider(other).focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        other.keyboard.press(key)
    expect(slider(page)).to_have_value("7")
    slider(page).focus()
    page.keyboard.press("ArrowLeft")
    expect(slider(other)).to_have_value("6")
    expect(other.locator(".lw-caption")).to_contain_text("Unit 3, t = 6")
    other.close()
    assert run_cell(1).strip() == "6 3"


def test_a_restarted_kernel_is_noticed_and_what_is_here_stays(notebook, watch):
    large = """
import keras, numpy as np, lstm_widget as lw
model = keras.Sequential([keras.Input((4000, 2)), keras.layers.LSTM(32)])
w = lw.LSTMWidget(model, np.random.default_rng(0).normal(size=(1, 4000, 2)).astype("float32"))
w
"""
    page = notebook([large])
    slider(page).wait_for()
    page.evaluate("() => window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.restart()")
    page.wait_for_timeout(3000)
    slider(page).focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    expect(page.locator(".lw-status")).to_contain_text("does not answer", timeout=20_000)
    expect(page.locator(".lw-caption")).to_contain_text("Unit ")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".lw-root")).to_be_visible()
    # ipywidgets' own manager says so itself, for every widget, and offers no way to ask beforehand.
    watch.console = [line for line in watch.console if "widget" not in line.lower() and "comm" not in line.lower()]
