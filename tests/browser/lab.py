"""A Jupyter server of our own: its settings, data and runtime folders are nobody else's."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

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
    log: Path


@contextmanager
def serve(home: Path) -> Iterator[Lab]:
    """Start ``jupyter lab`` from this Python, and end it."""
    folders = {name: home / name for name in ("root", "config", "data", "runtime", "workspaces", "settings", "ipython")}
    for folder in folders.values():
        folder.mkdir()
    # Where Lab's application looks for defaults of settings; no question about news on the first page.
    application = home / "application"
    (application / "settings").mkdir(parents=True)
    (application / "settings" / "overrides.json").write_text(OVERRIDES)

    port = free_port()
    lab = Lab(f"http://127.0.0.1:{port}", folders["root"], home / "lab.log")
    environment = {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(folders["config"]),
        "JUPYTER_DATA_DIR": str(folders["data"]),
        "JUPYTER_RUNTIME_DIR": str(folders["runtime"]),
        "JUPYTERLAB_WORKSPACES_DIR": str(folders["workspaces"]),
        "JUPYTERLAB_SETTINGS_DIR": str(folders["settings"]),
        "IPYTHONDIR": str(folders["ipython"]),
        "JUPYTER_PREFER_ENV_PATH": "1",  # this environment's kernel and extensions before a user's
        "PYTHONUNBUFFERED": "1",
    }
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
    with lab.log.open("w") as log:
        server = subprocess.Popen(
            command, cwd=lab.root, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        wait_until_up(lab, server)
        yield lab
    finally:
        server.terminate()  # this one, by its id; it shuts its kernels down
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def free_port() -> int:
    """Let the system choose."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_up(lab: Lab, server: subprocess.Popen[bytes], seconds: float = 90) -> None:
    """Wait for the server's first answer, or say what it said."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy knows nothing of our port
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        with suppress(urllib.error.URLError, OSError), direct.open(f"{lab.url}/api/status", timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    state = f"ended with {server.returncode}" if server.poll() is not None else f"did not answer in {seconds:.0f} s"
    raise RuntimeError(f"JupyterLab {state}:\n{lab.log.read_text()[-4000:]}")


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
