"""JupyterLab as a server of our own, and what tells that a notebook on its page is ready."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from servers import free_port, own_folders, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

OVERRIDES = """{
  "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false},
  "@jupyterlab/docmanager-extension:plugin": {"autosave": false}
}"""


@dataclass(frozen=True)
class Lab:
    """A running server."""

    url: str
    root: Path


@contextmanager
def serve(home: Path) -> Iterator[Lab]:
    """Start ``jupyter lab`` from this Python, with no settings but its own, and end it."""
    environment = own_folders(home)
    # Where Lab's application looks for defaults of settings; no question about news on the first page.
    application = home / "application"
    (application / "settings").mkdir(parents=True)
    (application / "settings" / "overrides.json").write_text(OVERRIDES)
    root = home / "root"
    root.mkdir()
    port = free_port()
    lab = Lab(f"http://127.0.0.1:{port}", root)
    command = [
        *(sys.executable, "-m", "jupyterlab"),
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--ServerApp.port_retries=0",  # another server on our port must be an error, not a silent other port
        f"--ServerApp.root_dir={lab.root}",
        "--IdentityProvider.token=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.news_url=None",
        "--LabApp.expose_app_in_browser=True",  # window.jupyterapp, which knows when a kernel is ready
        "--JupyterNotebookApp.expose_app_in_browser=True",
        "--LabApp.extension_manager=readonly",  # the other one asks a package index
        f"--LabApp.app_settings_dir={application / 'settings'}",
    ]
    log = home / "lab.log"
    with serving(command, f"{lab.url}/api/status", cwd=root, environment=environment, log=log):
        yield lab


READY = """async () => {
  const context = window.jupyterapp.shell.currentWidget.context;
  await context.ready;
  await context.sessionContext.ready;
  await context.sessionContext.session.kernel.info;
}"""


def wait_until_ready(page: Page) -> None:
    """Wait until the notebook is on screen and its kernel has answered.

    The indicator on the page does not tell: it says "idle" before there is a kernel, and a
    Shift+Enter at that time is lost.
    """
    page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.context?.sessionContext")
    page.evaluate(READY)
    idle(page)


def idle(page: Page) -> None:
    """Wait until the kernel has nothing to do."""
    page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').first.wait_for(state="attached")
