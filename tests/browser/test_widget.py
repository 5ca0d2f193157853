"""The widget in a real JupyterLab: what a person does, and what they then read on the page."""

import re

import pytest
from playwright.sync_api import expect

import lstm_widget as lw

MINUS = "\N{MINUS SIGN}"  # what the page prints for negative numbers

COUNTING = """
import lstm_widget as lw
trace = lw.example()
w = lw.LSTMWidget(trace, sample=3, unit=2, timestep=5, sort="index")
w
"""


@pytest.fixture
def counting(notebook):
    """The shipped example, on screen; two more cells wait for `run_cell`."""
    page = notebook([COUNTING, "print(w.sample, w.timestep, w.unit, w.quantity, list(w.pinned), tuple(w.zoom))"], run=1)
    numbers(page).wait_for()
    return page


def slider(page):
    return page.get_by_role("slider", name="timestep")


def numbers(page):
    return page.locator(".lw-side")


def test_first_screen_shows_exact_numbers(counting, run_cell):
    expect(numbers(counting)).to_contain_text("unit 2")
    expect(numbers(counting)).to_contain_text("t = 5")
    shown = dict(re.findall(rf"(\w+ \w+)\s*({MINUS}?[\d.]+)", counting.locator(".lw-numbers").inner_text()))
    layer = lw.example().only
    assert set(shown) == {quantity.label for quantity in layer.quantities}
    for quantity in layer.quantities:
        assert float(shown[quantity.label].replace(MINUS, "-")) == pytest.approx(
            layer[quantity.name][3, 5, 2], abs=1e-4
        )


def test_keys_move_through_time_and_units_and_python_sees_it(counting, run_cell):
    slider(counting).focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "ArrowDown", "5", "p"):
        counting.keyboard.press(key)
    expect(numbers(counting)).to_contain_text("t = 6")
    expect(numbers(counting)).to_contain_text("unit 3")
    assert run_cell(1).strip() == "3 6 3 cell_state [3] (0, 25)"


def test_keys_of_the_widget_do_not_reach_jupyterlab(counting):
    cells = counting.locator(".jp-CodeCell").count()
    # Would insert cells, delete them, or move to another one in command mode.
    slider(counting).focus()
    for key in ("ArrowDown", "ArrowUp", "Home", "End", " ", " "):
        counting.keyboard.press(key)
    assert counting.locator(".jp-CodeCell").count() == cells
    expect(slider(counting)).to_be_focused()


def test_a_click_on_the_map_selects_unit_and_timestep(counting, run_cell):
    plot = counting.locator(".lw-map-plot canvas").first
    box = plot.bounding_box()
    # Eight rows, 25 unmasked timesteps on screen.
    plot.click(position={"x": box["width"] * 10.5 / 25, "y": box["height"] * 6.5 / 8})
    expect(numbers(counting)).to_contain_text("unit 6")
    expect(numbers(counting)).to_contain_text("t = 10")
    assert run_cell(1).startswith("3 10 6")


def test_dragging_over_the_tracks_scrubs(counting, run_cell):
    track = counting.locator(".lw-tracks canvas").first
    box = track.bounding_box()
    counting.mouse.move(box["x"] + box["width"] * 0.5 / 25, box["y"] + 20)
    counting.mouse.down()
    counting.mouse.move(box["x"] + box["width"] * 20.5 / 25, box["y"] + 20, steps=5)
    counting.mouse.up()
    expect(numbers(counting)).to_contain_text("t = 20")
    assert run_cell(1).startswith("3 20 2")


def test_python_sets_and_the_page_follows(notebook, run_cell):
    page = notebook([COUNTING, "w.timestep = 12; w.unit = 7; w.quantity = 'o'", "w.sample = 0"], run=1)
    numbers(page).wait_for()
    run_cell(1)
    expect(numbers(page)).to_contain_text("unit 7")
    expect(numbers(page)).to_contain_text("t = 12")
    expect(page.locator(".lw-map-head")).to_contain_text("output gate")
    run_cell(2)
    # Three a, X, three b: what was zoomed to the whole word is so again.
    expect(slider(page)).to_have_attribute("max", "6")


def test_another_sample_is_picked(counting, run_cell):
    counting.get_by_role("button", name=re.compile("^sample: ")).click()
    counting.get_by_role("listbox", name="samples").get_by_role("option").nth(1).click()
    expect(slider(counting)).to_have_attribute("max", "12")
    assert run_cell(1).startswith("1 ")


def test_play_goes_to_the_end_and_stops(counting):
    slider(counting).focus()
    counting.keyboard.press("Home")
    counting.keyboard.press(" ")
    expect(counting.get_by_role("button", name="pause")).to_be_visible()
    expect(numbers(counting)).to_contain_text("t = 24", timeout=15_000)
    expect(counting.get_by_role("button", name="play")).to_be_visible()


HOSTILE = """
import lstm_widget as lw
evil = "<img src=x onerror=document.title=666>"
lw.LSTMWidget(lw.example(), timestep_labels=[evil] * 31, sample_labels=[evil] * 5, feature_names=[evil] * 4)
"""


def test_hostile_labels_stay_text(notebook):
    page = notebook([HOSTILE])
    numbers(page).wait_for()
    expect(numbers(page)).to_contain_text("<img src=x")
    assert page.locator(".lw-root img").count() == 0
    assert page.title() != "666"


def test_two_views_of_one_widget_stay_in_step(notebook):
    page = notebook([COUNTING, "w"])
    numbers(page).nth(1).wait_for()
    slider(page).nth(1).focus()
    page.keyboard.press("ArrowRight")
    for view in (0, 1):
        expect(numbers(page).nth(view)).to_contain_text("t = 6")


def test_large_traces_come_in_tiles_and_read_exactly(notebook, run_cell):
    page = notebook(
        [
            """
import numpy as np, keras, lstm_widget as lw
rng = np.random.default_rng(0)
model = keras.Sequential([keras.Input((3000, 2)), keras.layers.LSTM(64, return_sequences=True, name="lstm")])
x = rng.normal(size=(1, 3000, 2)).astype("float32")
trace = lw.extract(model, x)
w = lw.LSTMWidget(trace, unit=40, timestep=1234)
w
""",
            "print(*(f'{trace.only[q.name][0, 1234, 40]:.4f}' for q in trace.only.quantities))",
        ]
    )
    numbers(page).wait_for()
    expected = [float(value) for value in run_cell(1).split()]

    def shown():
        texts = re.findall(rf"{MINUS}?\d+\.\d+", page.locator(".lw-numbers").inner_text())
        return [float(text.replace(MINUS, "-")) for text in texts]

    expect(numbers(page)).not_to_contain_text("~", timeout=10_000)
    assert shown() == pytest.approx(expected, abs=1.1e-4)


def test_what_is_here_stays_when_the_kernel_is_gone(counting, watch):
    counting.evaluate("() => window.jupyterapp.shell.currentWidget.context.sessionContext.shutdown()")
    slider(counting).focus()
    counting.keyboard.press("ArrowRight")
    counting.keyboard.press("ArrowDown")
    expect(numbers(counting)).to_contain_text("t = 6")
    expect(numbers(counting)).to_contain_text("unit 3")
    # ipywidgets' own manager says so itself, for every widget, and offers no way to ask beforehand.
    watch.console = [line for line in watch.console if "Could not send widget sync message" not in line]


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_text_keeps_its_contrast_in_both_themes(counting, theme):
    counting.evaluate(f"() => window.jupyterapp.commands.execute('apputils:change-theme', {{theme: '{theme}'}})")
    counting.wait_for_function(f"() => document.body.dataset.jpThemeName === '{theme}'")
    counting.wait_for_timeout(300)  # the style sheet of the theme comes after its name
    worst = counting.evaluate(CONTRAST)
    assert worst["ratio"] >= 4.5, worst


# WCAG 2.2, 1.4.3: relative luminance of each text against the first opaque background behind it.
CONTRAST = """() => {
  const parse = color => (color.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = rgb => rgb.slice(0, 3).map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, k) => sum + v * [0.2126, 0.7152, 0.0722][k], 0);
  const behind = element => {
    for (let at = element; at; at = at.parentElement) {
      const color = parse(getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  let worst = { ratio: 21, text: "" };
  for (const element of document.querySelectorAll(".lw-root *")) {
    const own = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
    if (!own || !element.checkVisibility()) continue;
    const [a, b] = [parse(getComputedStyle(element).color), behind(element)].map(luminance);
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < worst.ratio) worst = { ratio, text: element.textContent, of: element.className };
  }
  return worst;
}"""
