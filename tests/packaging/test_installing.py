"""What people get who install it: into an environment of its own, in a folder that is not the clone."""

import json
import os
import shutil
import subprocess
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

RUN = """
import nbformat, sys
from nbclient import NotebookClient
notebook = nbformat.read("quickstart.ipynb", as_version=4)
notebook.cells.append(nbformat.v4.new_code_cell("print(lw.__file__)"))
NotebookClient(notebook, timeout=600, kernel_name="python3", allow_errors=False).execute()
nbformat.write(notebook, "quickstart.ipynb")
"""

LOOK = """
import json, lstm_widget as lw
from lstm_widget import bundle
widget = lw.LSTMWidget(lw.example(), sample=3)
widget.save_html("page.html")
print(json.dumps([lw.__file__, *(len(bundle.read(name)) for name in ["widget.js", "widget.css", "page.js"])]))
"""


@pytest.fixture
def outside(tmp_path, monkeypatch):
    """Give a folder outside of the clone, with nothing of the clone and of nobody's Jupyter in reach."""
    monkeypatch.delenv("PYTHONPATH", raising=False)
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    folder = tmp_path / "outside"
    folder.mkdir()
    return folder


@pytest.fixture
def environment(tmp_path):
    """Make an empty virtual environment; give its folder and its Python."""
    folder = tmp_path / "venv"
    venv.create(folder, with_pip=True)
    return folder, folder / ("Scripts" if os.name == "nt" else "bin") / "python"


def run(*command, cwd):
    ended = subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.mark.slow
def test_the_quickstart_runs_from_the_wheel_in_an_empty_environment(wheel, environment, outside):
    folder, python = environment
    run(python, "-m", "pip", "install", "--no-deps", "--no-index", wheel, cwd=outside)
    # TensorFlow, Jupyter and the rest are those of the tests: to install them again would take minutes. A folder named
    # by a .pth file comes last, and the .pth files in it, of which one names the clone, are not read.
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    (packages / "of_the_tests.pth").write_text(sysconfig.get_path("purelib"))
    shutil.copy(ROOT / "notebooks" / "quickstart.ipynb", outside)
    run(python, "-c", RUN, cwd=outside)
    notebook = json.loads((outside / "quickstart.ipynb").read_text("utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all(cell["execution_count"] for cell in code)
    shown = [output["data"] for cell in code for output in cell["outputs"] if "data" in output]
    assert sum('<iframe title="lstm_widget"' in "".join(data.get("text/html", "")) for data in shown) == 2
    imported = "".join(code[-1]["outputs"][0]["text"]).strip()
    assert Path(imported) == packages / "lstm_widget" / "__init__.py"


@pytest.mark.slow
@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="no git repository, so there is nothing to install from")
def test_pip_builds_the_bundle_from_git_and_brings_what_it_needs(environment, outside):
    """Of what is committed: pip makes a clone of its own."""
    folder, python = environment
    constraints = ["-c", ROOT / ".ci" / "constraints.txt"]
    run(python, "-m", "pip", "install", "--quiet", *constraints, f"git+{ROOT.as_uri()}", cwd=outside)
    imported, *sizes = json.loads(run(python, "-c", LOOK, cwd=outside))
    assert Path(imported).is_relative_to(folder)
    assert min(sizes) > 10_000, "the bundle is there, though git has none"
    assert (outside / "page.html").stat().st_size > sizes[2]
