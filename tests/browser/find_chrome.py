"""Print the path of a Chrome or Chromium that starts; the one place that knows where to look.

    python tests/browser/find_chrome.py             # look
    python tests/browser/find_chrome.py --install   # look, else install one

In this order: ``CHROME_PATH``, the usual names on ``PATH``, macOS's applications, and what
Playwright installed. Where nothing is found it fails with the command to type; nothing that
needs a browser is ever skipped for want of one.

Standard library only: ``make`` runs it, the tests import it. Playwright is used where it is there.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = ("google-chrome", "google-chrome-stable", "chromium", "chromium-browser")

MAC_APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)

CHROMIUM_FLAGS = [
    "--no-sandbox",  # CI is root in a container
    "--disable-gpu",
    # Chromium's own calls home, which would otherwise run beside the tests.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""How every browser of the tests and benchmarks is started."""

HELP = """\
No Chrome or Chromium was found, and the browser tests need one. Type one of

    apt-get update && apt-get install -y chromium          (Debian, as root)
    python -m playwright install chromium                  (elsewhere, in the virtual environment)
    export CHROME_PATH=/path/to/chrome                     (where there is one already)

and try again."""


class ChromeNotFoundError(RuntimeError):
    """There is no browser here, and the message says how to get one."""


def find_chrome() -> str:
    """Return the path of a browser that starts."""
    if chosen := os.environ.get("CHROME_PATH"):
        # Somebody's own choice is followed or refused, never quietly replaced.
        if not starts(chosen):
            raise ChromeNotFoundError(f"CHROME_PATH is {chosen!r}, and `{chosen} --version` does not run.\n\n{HELP}")
        return chosen
    for path in candidates():
        if starts(path):
            return path
    raise ChromeNotFoundError(HELP)


def candidates() -> Iterator[str]:
    """Yield paths worth a try."""
    yield from filter(None, map(shutil.which, NAMES))
    yield from (path for path in MAC_APPLICATIONS if Path(path).is_file())
    if path := playwright_chromium():
        yield path


def starts(path: str) -> bool:
    """Tell whether this really is a browser: Ubuntu's `chromium-browser` may be a note about snap."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, check=False, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def playwright_chromium() -> str | None:
    """Return the browser that Playwright installed, if it did."""
    if importlib.util.find_spec("playwright") is None:
        return None
    # In a process of its own: asked from within pytest, Playwright may be running already.
    ask = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    answer = subprocess.run([sys.executable, "-c", ask], capture_output=True, check=False, text=True, timeout=120)
    path = answer.stdout.strip()
    return path if path and Path(path).is_file() else None


def install_chrome() -> None:
    """Install a browser, by the system's packages where we may, else by Playwright."""
    if getattr(os, "geteuid", lambda: -1)() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        say("No Chrome or Chromium found: installing Debian's (apt-get install chromium, about a minute)")
        for command in (["apt-get", "update", "-q"], ["apt-get", "install", "-y", "-q", "chromium"]):
            subprocess.run(command, env=quiet, stdout=sys.stderr, check=False)
        if any(map(starts, candidates())):
            return
    if importlib.util.find_spec("playwright") is not None:
        say("No Chrome or Chromium found: installing Playwright's (python -m playwright install chromium)")
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], stdout=sys.stderr, check=False)


def say(line: str) -> None:
    """Speak on stderr: stdout is the answer."""
    print(line, file=sys.stderr)  # noqa: T201


def main() -> int:
    """Print the path, or say what to type."""
    parser = argparse.ArgumentParser(description="Print the path of a Chrome or Chromium that starts.")
    parser.add_argument("--install", action="store_true", help="install one where none is found")
    install = parser.parse_args().install
    try:
        path = find_chrome()
    except ChromeNotFoundError as missing:
        if not install or os.environ.get("CHROME_PATH"):
            say(str(missing))
            return 1
        install_chrome()
        try:
            path = find_chrome()
        except ChromeNotFoundError as still:
            say(str(still))
            return 1
    print(path)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
