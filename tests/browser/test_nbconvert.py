"""A notebook that nbconvert ran and made a page of, opened with no network."""

import subprocess
import sys

import nbformat
import pytest
from playwright.sync_api import expect

CELLS = ["import lstm_widget as lw", "lw.LSTMWidget(lw.example(), sample=3, unit=2, timestep=5)"]


@pytest.fixture
def converted(tmp_path, monkeypatch):
    """The page, made by the command that people type."""
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "gates.ipynb")

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
    picture = page.get_by_role("img", name="Gates and states over time")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") > 500
    expect(page.get_by_text("unit 2, timestep 5")).to_be_visible()
    watch.requests.clear()
    watch.console.clear()
    watch.exceptions.clear()
