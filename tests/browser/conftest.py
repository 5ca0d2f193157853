"""A real JupyterLab in a real browser: the harness of the browser tests.

A test asks for ``notebook`` and gets a page on which its cells have run::

    def test_slider(notebook):
        page = notebook(["import ipywidgets", "ipywidgets.IntSlider(3)"])
        page.get_by_role("slider").press("ArrowRight")

``run_cell`` runs one more cell after the page was touched, and returns what it printed.

Every page is watched: an error on the console, an uncaught exception, or a request that leaves
the machine fails the test that opened it. Nothing is skipped for want of a browser.

``PYTHONPATH`` and ``JUPYTER_PATH`` reach the server and its kernels, so that
``make test-old-anywidget`` can put another anywidget in front of the installed one.
"""

from __future__ import annotations

import re
import sys
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import nbformat
import pytest
from playwright.sync_api import expect, sync_playwright

sys.path.insert(0, str(Path(__file__).parent))
from find_chrome import CHROMIUM_FLAGS, find_chrome
from lab import Lab, idle, serve, wait_until_ready
from notebook_files import SAVED, new_notebook
from servers import own_folders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, WebError

LOCAL = {"127.0.0.1", "localhost", "::1"}

# Console errors that JupyterLab makes without us. A pattern may stand here only with its reason.
HARMLESS: tuple[re.Pattern[str], ...] = ()


@pytest.fixture(scope="session")
def jupyter_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Start ``jupyter lab`` once for all tests."""
    with serve(tmp_path_factory.mktemp("jupyter")) as lab:
        yield lab


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start the browser that ``make`` chose, else the first one found."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chrome(), args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@dataclass
class Watch:
    """What a page did that it should not do; with ``only_ours``, not what its host threw: our code runs from a blob."""

    console: list[str] = field(default_factory=list)
    exceptions: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    only_ours: bool = False

    def on(self, context: BrowserContext) -> None:
        """Listen to every page of a context, and to its workers' requests."""
        context.on("console", self._console)
        context.on("weberror", self._exception)
        context.on("request", lambda request: self.requests.append(request.url))
        context.on("page", lambda page: page.on("websocket", lambda websocket: self.requests.append(websocket.url)))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(known.search(message.text) for known in HARMLESS):
            self.console.append(f"{message.text} ({message.location.get('url', '')})")

    def _exception(self, error: WebError) -> None:
        if not self.only_ours or "blob:" in (error.error.stack or ""):
            self.exceptions.append(str(error.error))

    @property
    def foreign(self) -> list[str]:
        """Requests that left the machine."""
        return [url for url in self.requests if not is_local(url)]

    def check(self) -> None:
        """Fail with all of it at once."""
        found = {
            "errors on the console": self.console,
            "uncaught exceptions": self.exceptions,
            "requests to other machines": self.foreign,
        }
        said = [f"{what}:\n  " + "\n  ".join(lines) for what, lines in found.items() if lines]
        if said:
            pytest.fail("\n".join(said), pytrace=False)


def is_local(url: str) -> bool:
    """Tell whether a request stays here."""
    parts = urlsplit(url)
    return parts.scheme in {"data", "blob", "about"} or parts.hostname in LOCAL


@pytest.fixture
def watch() -> Watch:
    """Hold what the page of this test did, for tests that want to look before the end."""
    return Watch()


@pytest.fixture
def page(chromium: Browser, watch: Watch) -> Iterator[Page]:
    """Open an empty page in a context of its own; hold it to good manners at the end."""
    context = chromium.new_context(viewport={"width": 1400, "height": 1000})
    context.set_default_timeout(30_000)  # two busy cores; waiting costs nothing where all is well
    watch.on(context)
    page = context.new_page()
    yield page
    context.close()
    watch.check()


@pytest.fixture
def notebook(page: Page, jupyter_lab: Lab, run_cell: Callable[..., str]) -> Callable[..., Page]:
    """Give a function: write these cells into a notebook, open it in JupyterLab, run them.

    ``run`` says how many of them; the others wait for ``run_cell``. ``at`` is where: Notebook 7 has another address.
    """

    def open_and_run(cells: list[str], *, run: int | None = None, timeout: float = 120, at: str = "doc/tree") -> Page:
        name = f"test-{uuid.uuid4().hex[:8]}.ipynb"
        nbformat.write(new_notebook(cells), jupyter_lab.root / name)
        # Without ?reset the workspace of the last test would come back.
        page.goto(f"{jupyter_lab.url}/{at}/{name}?reset")
        wait_until_ready(page)
        for index in range(len(cells) if run is None else run):
            run_cell(index, timeout=timeout)
        return page

    return open_and_run


@pytest.fixture
def saved_notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> nbformat.NotebookNode:
    """Give a notebook that shows a widget, for kernels without settings of whoever runs the tests."""
    for name, value in own_folders(tmp_path).items():
        monkeypatch.setenv(name, value)
    return new_notebook(SAVED)


@pytest.fixture
def run_cell(page: Page) -> Callable[..., str]:
    """Give a function: run one cell of the open notebook, as a person does, and return its output as text."""

    def run(index: int, *, timeout: float = 120) -> str:
        cell = page.locator(".jp-CodeCell").nth(index)
        cell.locator(".cm-content").click()  # the text: a click on the cell does not focus it
        prompt = cell.locator(".jp-InputPrompt")
        before = prompt.inner_text()
        page.keyboard.press("Shift+Enter")
        expect(prompt, "Shift+Enter starts the cell").not_to_have_text(before, timeout=10_000)
        expect(prompt, "the cell ends").to_have_text(re.compile(r"\[\d+\]"), timeout=timeout * 1000)
        idle(page)
        if errors := page.evaluate(ERRORS, index):
            pytest.fail(f"cell {index} raised {'; '.join(errors)}", pytrace=False)
        return "\n".join(cell.locator(".jp-OutputArea-output").all_inner_texts())

    return run


# From the notebook, not from the page: a traceback looks like any other text on stderr.
ERRORS = """index => window.jupyterapp.shell.currentWidget.content.widgets[index].model.outputs.toJSON()
  .filter(output => output.output_type === "error")
  .map(output => `${output.ename}: ${output.evalue}`)"""
