"""Every notebook runs from top to bottom on a fresh kernel, as a newcomer would run it."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def test_there_are_notebooks():
    # Without files the test below would be parametrized by nothing, and pytest would call that a skip.
    assert FOLDER / "quickstart.ipynb" in NOTEBOOKS


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs(path, monkeypatch, tmp_path):
    # No settings, history or kernels of whoever runs the tests.
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)

    client = NotebookClient(
        notebook,
        timeout=600,  # seconds a cell: some train a model
        kernel_name="python3",  # this environment's, whatever name the author's had
        allow_errors=False,  # a failing cell raises here, with its traceback
        resources={"metadata": {"path": str(FOLDER)}},
    )
    client.execute()

    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    assert code, "a notebook without code shows nothing"
    assert all(cell.execution_count for cell in code), "every cell has run"
    # `raises-exception` tags would let an error pass above.
    errors = [output for cell in code for output in cell.outputs if output.output_type == "error"]
    assert not errors
