"""Notebooks for the hosts, and what one shows where it is only read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import nbformat
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from collections.abc import Iterable

SAVED = ["import lstm_widget as lw", "lw.LSTMWidget(lw.example(), sample=3, unit=2, timestep=5)"]


def new_notebook(cells: Iterable[str]) -> nbformat.NotebookNode:
    """Give a notebook for this environment's kernel."""
    return nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in cells],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )


def shows_the_still(page: Page) -> None:
    """Hold the page to the picture and the words that ``SAVED`` leaves in its file."""
    picture = page.get_by_role("img", name="Gates and states over time")
    expect(picture).to_be_visible(timeout=60_000)
    assert picture.evaluate("image => image.naturalWidth") > 500
    expect(page.get_by_text("unit 2, timestep 5")).to_be_visible()
