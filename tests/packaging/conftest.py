"""What is built once for all tests: sdist, and from it the wheel, with no npm in reach."""

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def without_node(tmp_path_factory):
    """Give an environment in which no npm is to be found."""
    return {**os.environ, "PATH": str(tmp_path_factory.mktemp("empty"))}


@pytest.fixture(scope="session")
def build():
    """Give a function: build a target as pip and ``python -m build`` do; status, and what was said."""

    def build(target, source, destination, environment=None):
        command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(destination)]
        ended = subprocess.run(command, cwd=source, env=environment, capture_output=True, text=True, check=False)
        return ended.returncode, ended.stdout + ended.stderr

    return build


@pytest.fixture(scope="session")
def unpacked(build, tmp_path_factory):
    """Build the sdist from this folder, and unpack it as pip does."""
    folder = tmp_path_factory.mktemp("sdist")
    status, said = build("sdist", ROOT, folder)
    assert status == 0, said
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        archive.extractall(folder, filter="data")
    return next(path for path in folder.iterdir() if path.is_dir())


@pytest.fixture(scope="session")
def wheel(build, unpacked, without_node, tmp_path_factory):
    """Build the wheel from the sdist, where there is no node."""
    folder = tmp_path_factory.mktemp("wheel")
    status, said = build("wheel", unpacked, folder, without_node)
    assert status == 0, said
    return next(folder.glob("*.whl"))
