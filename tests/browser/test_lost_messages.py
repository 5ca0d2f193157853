"""JupyterLab, losing what Colab is said to lose: what a cell sends to a widget that stands below an earlier cell."""

import pytest
from losing import Losing
from playwright.sync_api import expect

WIDGET = """
import lstm_widget as lw
w = lw.LSTMWidget(lw.example(), sample=3, unit=2, timestep=5, sort="index")
w
"""


@pytest.fixture
def losing(page):
    losing = Losing()
    losing.on(page)
    return losing


@pytest.fixture
def opened(losing, notebook):
    page = notebook([WIDGET, "w.unit = 3; w.sample = 4", "print(w.unit, w.timestep)"], run=1)
    expect(page.locator(".lw-caption")).to_contain_text("Unit 2, t = 5")
    return page


def come_back(page):
    page.evaluate("() => window.dispatchEvent(new Event('focus'))")


def test_who_comes_back_to_a_view_that_missed_a_cell_finds_it_caught_up(opened, losing, run_cell):
    losing.what = "of cells"
    run_cell(1)
    assert losing.lost
    expect(opened.locator(".lw-caption")).to_contain_text("Unit 2, t = 5")
    come_back(opened)
    expect(opened.locator(".lw-caption")).to_contain_text("Unit 3, t = 5")
    expect(opened.get_by_role("button", name="sample: sample 4")).to_be_visible()
    expect(opened.locator(".lw-status")).to_have_text("")
    # And it goes on as ever.
    opened.get_by_role("slider", name="timestep").press("ArrowRight")
    expect(opened.locator(".lw-caption")).to_contain_text("Unit 3, t = 6")
    assert run_cell(2).strip() == "3 6"


def test_a_view_that_cannot_catch_up_says_what_to_type(opened, losing, run_cell):
    losing.what = "all"
    run_cell(1)
    come_back(opened)
    expect(opened.locator(".lw-status")).to_have_text("This view is behind the kernel; run the cell again.")
    losing.what = "nothing"
    run_cell(0)
    expect(opened.locator(".lw-caption")).to_contain_text("Unit 2, t = 5")
    expect(opened.locator(".lw-status")).to_have_text("")
