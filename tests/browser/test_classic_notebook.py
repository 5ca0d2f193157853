"""Classic Notebook 6.5 with ipywidgets 7.7, which is Colab's stack: run by ``make test-colab`` alone."""

import re
import sys
import uuid

import nbformat
import pytest
from losing import Losing
from notebook_files import new_notebook
from playwright.sync_api import expect
from servers import free_port, own_folders, serving

# Colab's outputs are no higher.
COLAB_HEIGHT = 1000

WIDGET = """
import numpy as np, keras, lstm_widget as lw
layers = [keras.layers.LSTM(64, name="lstm", return_sequences=True), keras.layers.Dense(1)]
model = keras.Sequential([keras.Input((5000, 2)), *layers])
trace = lw.extract(model, np.random.default_rng(0).normal(size=(1, 5000, 2)).astype("float32"))
w = lw.LSTMWidget(trace, timestep=40, unit=3, sort="index", zoom=(0, 100))
w
"""

COUNTING = """
import lstm_widget as lw
w = lw.LSTMWidget(lw.example(), sample=3, unit=2, timestep=5, sort="index")
w
"""

# A key pressed before the kernel has answered is lost.
READY = """() => window.Jupyter?.notebook?.kernel?.info_reply?.status === "ok" && Jupyter.notebook._fully_loaded"""
IDLE = """() => !Jupyter.notebook.kernel_busy
  && Jupyter.notebook.get_cells().every(cell => cell.input_prompt_number !== "*")"""
ERRORS = """index => Jupyter.notebook.get_cell(index).output_area.outputs
  .filter(output => output.output_type === "error")
  .map(output => `${output.ename}: ${output.evalue}`)"""


@pytest.fixture(scope="session")
def classic(tmp_path_factory):
    """Start classic Notebook from this Python, with no settings but its own; give its address and its folder."""
    home = tmp_path_factory.mktemp("classic")
    root = home / "root"
    root.mkdir()
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [
        *(sys.executable, "-m", "notebook"),
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--port-retries=0",  # another server on our port must be an error, not a silent other port
        f"--notebook-dir={root}",
        "--NotebookApp.token=",
        "--NotebookApp.password=",
    ]
    with serving(command, f"{url}/api/status", cwd=root, environment=own_folders(home), log=home / "classic.log"):
        yield url, root


@pytest.fixture
def run_cell(page):
    """As in JupyterLab: run one cell, as a person does, and return its output as text."""

    def run(index, *, timeout=120):
        cell = page.locator(".code_cell").nth(index)
        cell.locator(".CodeMirror-scroll").click()
        page.keyboard.press("Shift+Enter")
        expect(cell.locator(".input_prompt")).to_have_text(re.compile(r"\[\d+\]"), timeout=timeout * 1000)
        page.wait_for_function(IDLE)
        if errors := page.evaluate(ERRORS, index):
            pytest.fail(f"cell {index} raised {'; '.join(errors)}", pytrace=False)
        return "\n".join(cell.locator(".output_subarea").all_inner_texts())

    return run


@pytest.fixture
def notebook(page, classic, run_cell):
    """As in JupyterLab: write these cells into a notebook, open it, run the first ``run``."""
    url, root = classic

    def open_and_run(cells, *, run=None):
        name = f"test-{uuid.uuid4().hex[:8]}.ipynb"
        nbformat.write(new_notebook(cells), root / name)
        page.goto(f"{url}/notebooks/{name}")
        page.wait_for_function(READY)
        for index in range(len(cells) if run is None else run):
            run_cell(index)
        return page

    return open_and_run


def slider(page):
    return page.get_by_role("slider", name="timestep", exact=True)


def test_shows_syncs_both_ways_and_asks_for_tiles(notebook, run_cell):
    page = notebook(
        [
            WIDGET,
            "print(w.timestep, w.unit)",
            "w.timestep = 4321; w.unit = 40",
            "print(*(f\"{trace['lstm'][q][0, 4321, 40]:.4f}\" for q in 'ifgoch'))",
        ],
        run=1,
    )
    slider(page).press("ArrowRight")
    slider(page).press("ArrowDown")
    expect(page.locator(".lw-caption")).to_contain_text("Unit 4, t = 41")
    assert run_cell(1).strip() == "41 4"
    run_cell(2)
    expect(slider(page)).to_have_attribute("aria-valuetext", re.compile("t = 4321"))
    exact = [float(number) for number in run_cell(3).split()]
    numbers = page.locator(".lw-numbers")
    expect(numbers).not_to_contain_text("~")
    shown = re.findall(r"[\N{MINUS SIGN}]?\d+\.\d+", numbers.inner_text())
    assert [float(number.replace("\N{MINUS SIGN}", "-")) for number in shown] == pytest.approx(exact, abs=1.1e-4)


def test_keys_of_the_widget_do_not_reach_the_notebook(notebook, run_cell):
    page = notebook([COUNTING, "print(w.timestep, w.unit)", ""], run=1)
    slider(page).focus()
    # In command mode they would insert cells, delete one, cut one, move to another or save.
    for key in ("ArrowDown", "ArrowRight", "a", "b", "d", "d", "x", "s", "Home", "End", " ", " "):
        page.keyboard.press(key)
    expect(page.locator(".code_cell")).to_have_count(3)
    expect(slider(page)).to_be_focused()
    for key in ("Home", "ArrowRight"):
        page.keyboard.press(key)
    expect(page.locator(".lw-caption")).to_contain_text("Unit 3, t = 1")
    assert run_cell(1).strip() == "1 3"
    # Out of the widget they are the notebook's again.
    slider(page).press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    expect(page.locator(".code_cell")).to_have_count(4)


def test_a_view_that_a_later_cell_did_not_reach_catches_up(page, notebook, run_cell):
    losing = Losing("of cells")
    losing.on(page)
    notebook([COUNTING, "w.unit = 3; w.sample = 4", "print(w.unit, w.sample)"], run=2)
    assert losing.lost
    caption = page.locator(".lw-caption")
    expect(caption).to_contain_text("Unit 2, t = 5")
    page.evaluate("() => window.dispatchEvent(new Event('focus'))")
    expect(caption).to_contain_text("Unit 3, t = 5")
    expect(page.get_by_role("button", name="sample: sample 4")).to_be_visible()
    assert run_cell(2).strip() == "3 4"


def test_it_fits_into_what_colab_gives_an_output(notebook):
    page = notebook([COUNTING])
    for width in (1400, 900, 480):
        page.set_viewport_size({"width": width, "height": 1000})
        slider(page).wait_for()
        page.wait_for_timeout(300)  # sizes follow in frames, not in an event
        assert page.locator(".lw-root").bounding_box()["height"] <= COLAB_HEIGHT


def test_it_is_dark_where_colab_says_so(notebook):
    page = notebook([COUNTING])
    colours = "element => [getComputedStyle(element).color, getComputedStyle(element).backgroundColor]"
    expect(page.locator(".lw-root:not([data-lw-dark])")).to_be_visible()
    page.evaluate("() => document.documentElement.setAttribute('theme', 'dark')")
    expect(page.locator(".lw-root[data-lw-dark]")).to_be_visible()
    # Not JupyterLab's, which ipywidgets 7 defines on any page, and always for light ones.
    assert page.locator(".lw-root").evaluate(colours) == ["rgb(230, 230, 230)", "rgb(23, 23, 23)"]


def test_saved_with_its_state_it_is_there_again_without_its_kernel(notebook, run_cell, classic):
    page = notebook([COUNTING])
    slider(page).press("ArrowRight")
    expect(slider(page)).to_have_value("6")
    page.get_by_role("link", name="Widgets").click()
    page.get_by_text("Save Notebook Widget State").click()
    page.get_by_title("Save and Checkpoint").click()
    expect(page.get_by_text("Last Checkpoint")).to_be_visible()
    address = page.url.removesuffix("#")
    saved = nbformat.read(classic[1] / address.rsplit("/", 1)[1], as_version=4)
    # What nbconvert, GitHub and the like show of it.
    assert "Gates and states over time" in saved.cells[0].outputs[0].data["text/html"]
    # A page opened before the server has ended the kernel would be given that one, and wait for it for ever.
    with page.expect_response(lambda response: response.request.method == "DELETE"):
        page.evaluate("() => Jupyter.notebook.session.delete()")
    page.goto("about:blank")  # from "x#" to "x" would be no journey
    page.goto(address)
    page.wait_for_function(READY)
    expect(slider(page)).to_have_value("6")
    slider(page).press("ArrowRight")
    expect(page.locator(".lw-caption")).to_contain_text("Unit 2, t = 7: forget gate 0.97")
