"""The page that nbconvert makes of a notebook, offline."""

import subprocess
import sys

import nbformat
import pytest
from notebook_files import shows_the_still


@pytest.fixture
def converted(tmp_path, saved_notebook):
    """The page, made by the command that people type."""
    nbformat.write(saved_notebook, tmp_path / "gates.ipynb")

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
