"""A notebook that was saved, in JupyterLab, before any cell has run."""

import nbformat
from nbclient import NotebookClient
from notebook_files import shows_the_still


def test_jupyterlab_shows_the_picture_before_any_cell_has_run(page, jupyter_lab, saved_notebook):
    NotebookClient(saved_notebook, timeout=120, kernel_name="python3", store_widget_state=False).execute()
    nbformat.write(saved_notebook, jupyter_lab.root / "saved.ipynb")
    page.goto(f"{jupyter_lab.url}/doc/tree/saved.ipynb?reset")
    shows_the_still(page)
