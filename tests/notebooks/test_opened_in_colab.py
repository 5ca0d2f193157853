"""Each notebook opens in Colab by a badge, and installs there what is missing; elsewhere it installs nothing."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
BADGE = re.compile(r"\[!\[Open in Colab\]\(https://colab\.research\.google\.com/assets/colab-badge\.svg\)\]\((.*?)\)")

# Runs the cell twice: where lstm_widget is missing until it is installed, and where it is there.
RUN = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name == "lstm_widget":
            raise ModuleNotFoundError(name)

shell, asked = InteractiveShell.instance(), []
def pip(line):
    asked.append(line)
    sys.meta_path.remove(missing)

shell.register_magic_function(pip, "line", "pip")
sys.meta_path.insert(0, missing := Missing())
cell = sys.stdin.read()
for _ in range(2):
    shell.run_cell(cell).raise_error()
print(json.dumps(asked))
"""


def cells(path, kind):
    notebook = json.loads(path.read_text("utf-8"))
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == kind]


def address(path):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    repository = project["urls"]["Repository"].removeprefix("https://github.com/")
    return f"https://colab.research.google.com/github/{repository}/blob/main/{path.relative_to(ROOT).as_posix()}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_badge_leads_to_this_notebook(path):
    assert BADGE.findall(cells(path, "markdown")[0]) == [address(path)]


def test_the_badge_in_the_readme_leads_to_the_quickstart():
    text = (ROOT / "README.md").read_text("utf-8")
    assert BADGE.findall(text) == [address(ROOT / "notebooks" / "quickstart.ipynb")]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_first_cell_installs_the_wheel_only_where_it_is_missing(path, tmp_path, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    first, *_ = cells(path, "code")
    ended = subprocess.run(
        [sys.executable, "-c", RUN], input=first, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    (asked,) = json.loads(ended.stdout.splitlines()[-1])
    words = asked.split()
    assert words[:3] == ["install", "-q", "lstm-widget"]
    # What Colab has not. A name of a released package each: nothing is built there, and there is no npm.
    needed = ["sktime"] if "import sktime" in first or "from sktime" in first else []
    assert words[3:] == needed
