"""Build hook: puts the browser bundle into the wheel, the sdist and an editable install.

The bundle (``widget.js``, ``widget.css`` and ``page.js`` in ``lstm_widget/static``) is built from ``js/`` and is not in
git. It is built here when it is missing or older than its sources. An sdist already holds it, so that
whoever installs from one needs no node.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

if TYPE_CHECKING:
    from collections.abc import Iterator

BUNDLE = ("lstm_widget/static/widget.js", "lstm_widget/static/widget.css", "lstm_widget/static/page.js")

NO_NPM = """\
npm was not found, and the browser bundle of lstm_widget has to be built: {why}.
Install Node.js 20 or newer, which brings npm (apt-get install nodejs npm, where the system's is recent enough), and
try again.
A wheel of lstm-widget holds the bundle already and needs neither: pip install lstm-widget"""


class BundleHook(BuildHookInterface):
    """Run npm, when there is something for it to do."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 (hatchling's signature)
        """Build the bundle before any file is collected."""
        root = Path(self.root)
        if why := reason_to_build(root):
            self.app.display_info(f"Building the browser bundle: {why}")
            build(root, why)
        if missing := [name for name in BUNDLE if not (root / name).is_file()]:
            raise RuntimeError(f"`npm run build` in js/ ended well but did not write {' and '.join(missing)}.")


def reason_to_build(root: Path) -> str | None:
    """Say why the bundle must be built, or None where it is fresh."""
    for name in BUNDLE:
        if not (root / name).is_file():
            return f"{name} is missing"
    # Times say nothing after an archive was unpacked; what an sdist holds belongs together.
    if (root / "PKG-INFO").is_file():
        return None
    oldest = min((root / name).stat().st_mtime for name in BUNDLE)
    for source in sources(root / "js"):
        if source.stat().st_mtime > oldest:
            return f"{source.relative_to(root).as_posix()} is newer than the bundle"
    return None


def sources(js: Path) -> Iterator[Path]:
    """Everything that can change the bundle: js/ without its tests, hidden folders and what npm installed.

    Folders below ``js/src`` are among them: their time tells that a file was removed.
    """
    for folder, folders, files in os.walk(js):
        here = Path(folder)
        if here == js:
            folders[:] = sorted(name for name in folders if name not in {"node_modules", "tests"} and name[0] != ".")
        else:
            yield here
        yield from (here / name for name in sorted(files))


def build(root: Path, why: str) -> None:
    """Run ``npm ci`` where needed, then ``npm run build``."""
    npm = shutil.which("npm")
    if npm is None:
        raise RuntimeError(NO_NPM.format(why=why))
    js = root / "js"
    # npm writes this file last; a fresh one means that the lock file was followed, and `npm ci`
    # would throw everything away and fetch it again.
    installed = js / "node_modules" / ".package-lock.json"
    if not installed.is_file() or installed.stat().st_mtime < (js / "package-lock.json").stat().st_mtime:
        run(js, npm, "ci", "--no-audit", "--no-fund")
        installed.touch()
    run(js, npm, "run", "build")


def run(folder: Path, npm: str, *arguments: str) -> None:
    """Run npm, and keep what it said for when it fails: pip shows nothing else."""
    ended = subprocess.run(
        [npm, *arguments], cwd=folder, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if ended.returncode != 0:
        raise RuntimeError(f"`npm {' '.join(arguments)}` failed in {folder}:\n{ended.stdout}")
