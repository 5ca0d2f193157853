"""The search for a browser, among pretended ones."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("find_chrome.py")

WORKS = "#!/bin/sh\necho Chromium 1.2.3\n"
UBUNTU_NOTE = "#!/bin/sh\necho 'this needs the chromium snap' >&2\nexit 1\n"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="pretends with shell scripts in Linux's places")


@pytest.fixture
def programs(tmp_path):
    """Give a function that writes programs into a folder of their own, the only one on PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()

    def write(**texts):
        for name, text in texts.items():
            path = folder / name.replace("_", "-")
            path.write_text(text)
            path.chmod(0o755)
        return folder

    return write


@pytest.fixture
def find(tmp_path, programs):
    """Run the script where only the pretended programs are to be found."""

    def run(*arguments, **environment):
        path = {"PATH": str(programs()), "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path / "none")}
        without = {name: value for name, value in os.environ.items() if name != "CHROME_PATH"}
        return subprocess.run(
            [sys.executable, SCRIPT, *arguments],
            env=without | path | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_the_first_one_that_starts(programs, find):
    folder = programs(google_chrome=UBUNTU_NOTE, chromium=WORKS, chromium_browser=WORKS)
    assert find().stdout.strip() == str(folder / "chromium")


def test_chrome_path_wins(programs, find, tmp_path):
    programs(chromium=WORKS)
    mine = tmp_path / "mine"
    mine.write_text(WORKS)
    mine.chmod(0o755)
    assert find(CHROME_PATH=str(mine)).stdout.strip() == str(mine)


def test_a_wrong_chrome_path_is_not_replaced(programs, find):
    programs(chromium=WORKS)
    ended = find("--install", CHROME_PATH="/nowhere/chrome")
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert "/nowhere/chrome" in ended.stderr


def test_nothing_found_says_what_to_type(find):
    ended = find()
    assert ended.returncode == 1
    assert ended.stdout == ""
    for line in ("apt-get install -y chromium", "python -m playwright install chromium", "export CHROME_PATH="):
        assert line in ended.stderr


@pytest.mark.skipif(getattr(os, "geteuid", int)() != 0, reason="apt-get is only asked as root")
def test_root_on_debian_installs(programs, find):
    folder = programs()
    target = folder / "chromium"
    installs = f"[ $1 = install ] || exit 0\nprintf '{WORKS}' > {target}\n/bin/chmod +x {target}\n"
    programs(apt_get=f"#!/bin/sh\necho apt-get $@\n{installs}")
    ended = find("--install")
    assert ended.stdout.strip() == str(target), ended.stderr
    assert "apt-get install -y -q chromium" in ended.stderr
