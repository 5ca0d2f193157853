"""Notebooks that were saved, where no kernel runs: in JupyterLab, and as the page that nbconvert makes, offline."""

import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient
from playwright.sync_api import expect

CELLS = ["import lstm_widget as lw", "lw.LSTMWidget(lw.example(), sample=3, unit=2, timestep=5)"]


@pytest.fixture
def gates(tmp_path, monkeypatch):
    """A notebook, and no settings, history or kernels of whoever runs the tests."""
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


@pytest.fixture
def converted(tmp_path, gates):
    """The page, made by the command that people type."""
    nbformat.write(gates, tmp_path / "gates.ipynb")

    def convert(*options):
        command = [sys.executable, "-m", "nbconvert", "--execute", "--to", "html", *options, "gates.ipynb"]
        ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr
        return tmp_path / "gates.html"

    return convert


def test_without_widget_state_the_page_shows_the_picture(page, watch, converted):
    # nbconvert's own template asks for MathJax and RequireJS; here there is no network that would have them.
    page.route("**/*", lambda route: route.continue_() if route.request.url.startswith("file:") else route.abort())
    page.goto(converted("--ExecutePreprocessor.store_widget_state=False").as_uri())
    shows_the_still(page)
    watch.requests.clear()
    watch.console.clear()
    watch.exceptions.clear()


def test_jupyterlab_shows_the_picture_before_any_cell_has_run(page, jupyter_lab, gates):
    NotebookClient(gates, timeout=120, kernel_name="python3", store_widget_state=False).execute()
    nbformat.write(gates, jupyter_lab.root / "saved.ipynb")
    page.goto(f"{jupyter_lab.url}/doc/tree/saved.ipynb?reset")
    shows_the_still(page)


def shows_the_still(page):
    picture = page.get_by_role("img", name="Gates and states over time")
    expect(picture).to_be_visible(timeout=60_000)
    assert picture.evaluate("image => image.naturalWidth") > 500
    expect(page.get_by_text("unit 2, timestep 5")).to_be_visible()
