"""The harness itself: were it blind, every test that stands on it would be green."""

import os

import pytest

ANYWIDGET = """
import anywidget, traitlets

class Counter(anywidget.AnyWidget):
    _esm = '''
    export default () => ({
      render({ model, el }) {
        const button = document.createElement("button");
        const show = () => { button.textContent = `count is ${model.get("count")}`; };
        button.addEventListener("click", () => { model.set("count", model.get("count") + 1); model.save_changes(); });
        model.on("change:count", show);
        show();
        el.append(button);
      },
    });
    '''
    count = traitlets.Int(7).tag(sync=True)

counter = Counter()
counter
"""


def test_ipywidgets_reach_the_page(notebook):
    page = notebook(["import ipywidgets", "ipywidgets.IntSlider(3, description='answer')"])
    slider = page.get_by_role("slider")
    slider.wait_for()
    slider.press("ArrowRight")
    page.get_by_text("4", exact=True).wait_for()


def test_anywidget_speaks_both_ways(notebook, run_cell):
    page = notebook([ANYWIDGET, "counter.count = 41", "print('kernel has', counter.count)"], run=2)
    button = page.get_by_role("button", name="count is 41")
    button.click()
    page.get_by_role("button", name="count is 42").wait_for()
    assert run_cell(2).strip() == "kernel has 42"


def test_kernel_and_page_have_the_same_anywidget(notebook, run_cell, page, jupyter_lab):
    # `make test-old-anywidget` puts another one in front of the installed one: in both places, or it tests nothing.
    notebook(["import anywidget; print(anywidget.__version__)"], run=0)
    served = page.request.get(f"{jupyter_lab.url}/lab/extensions/anywidget/package.json").json()
    assert run_cell(0).strip() == served["version"] == os.environ.get("ANYWIDGET_VERSION", served["version"])


def test_a_cell_that_raises_fails_the_test(notebook):
    with pytest.raises(pytest.fail.Exception, match="ZeroDivisionError"):
        notebook(["1 / 0"])


def test_the_watch_sees(page, watch):
    page.goto("about:blank")
    page.evaluate("""() => {
        console.error("loud");
        setTimeout(() => { throw new Error("uncaught"); });
        fetch("http://elsewhere.invalid/").catch(() => {});
        new WebSocket("ws://elsewhere.invalid/");
    }""")
    page.wait_for_timeout(500)
    assert any("loud" in line for line in watch.console)
    assert any("uncaught" in line for line in watch.exceptions)
    assert {"http://elsewhere.invalid/", "ws://elsewhere.invalid/"} <= set(watch.foreign)
    with pytest.raises(pytest.fail.Exception, match="elsewhere"):
        watch.check()
    for seen in (watch.console, watch.exceptions, watch.requests):
        seen.clear()
