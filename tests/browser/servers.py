"""A server of a host (JupyterLab, classic Notebook, marimo), as a process of its own that ends with the test."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path


def free_port() -> int:
    """Let the system choose."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def own_folders(home: Path) -> dict[str, str]:
    """Give an environment with no settings, history or kernels of whoever runs the tests."""
    names = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "IPYTHONDIR": "ipython",
    }
    for name in names.values():
        (home / name).mkdir()
    return {
        **os.environ,
        **{variable: str(home / name) for variable, name in names.items()},
        "JUPYTER_PREFER_ENV_PATH": "1",  # this environment's kernel and extensions before a user's
        "PYTHONUNBUFFERED": "1",
    }


@contextmanager
def serving(
    command: Sequence[str], url: str, *, cwd: Path, environment: Mapping[str, str], log: Path
) -> Iterator[None]:
    """Run a server until the block ends; it has begun when ``url`` answers."""
    with log.open("w") as words:
        server = subprocess.Popen(
            command, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=words, stderr=subprocess.STDOUT
        )
    try:
        _wait_until_up(server, url, log)
        yield
    finally:
        server.terminate()  # this one, by its id; it shuts its kernels down
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_until_up(server: subprocess.Popen[bytes], url: str, log: Path, seconds: float = 90) -> None:
    """Wait for the server's first answer, or say what it said."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy knows nothing of our port
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        with suppress(urllib.error.URLError, OSError), direct.open(url, timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    state = f"ended with {server.returncode}" if server.poll() is not None else f"did not answer in {seconds:.0f} s"
    raise RuntimeError(f"{server.args[2]} {state}:\n{log.read_text()[-4000:]}")
