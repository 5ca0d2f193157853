"""An exported page in a frame of a static site, as documentation puts it there, served over HTTP."""

import re
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

import lstm_widget as lw

SITE = """<!doctype html><meta charset="utf-8"><title>docs</title>
<link rel="icon" href="data:,">
<body style="margin: 20px; max-width: 900px"><h1>Gates</h1>
<iframe title="gates" src="gates.html" style="width: 100%; height: 760px; border: 0"></iframe>
<p>And so on.</p>"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def site(tmp_path):
    """Serve a folder with two files; give its address."""
    widget = lw.LSTMWidget(lw.example(), sample=3, unit=2, timestep=5, sort="index", diagram=False)
    widget.save_html(tmp_path / "gates.html", title="Counting")
    (tmp_path / "index.html").write_text(SITE, encoding="utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=tmp_path))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def works(page):
    inside = page.frame_locator("iframe")
    expect(inside.get_by_role("heading", name="Counting")).to_be_visible()
    inside.get_by_role("slider", name="timestep").press("ArrowRight")
    inside.get_by_role("button", name="next sample").click()
    expect(inside.locator(".lw-caption")).to_contain_text("Unit 2, t = 6")
    expect(inside.get_by_role("button", name="sample: sample 4")).to_be_visible()
    expect(inside.locator(".lw-status")).to_have_text("")
    layer = lw.example().only
    expect(inside.locator(".lw-numbers")).to_contain_text(f"{layer.forget_gate[4, 6, 2]:.4f}")


def test_it_works_in_a_frame_of_a_site_and_asks_for_two_files(page, site, watch):
    page.goto(f"{site}/index.html")
    works(page)
    assert watch.requests == [f"{site}/index.html", f"{site}/gates.html"]


def test_it_works_in_a_frame_that_may_only_run_scripts(page, site, tmp_path):
    (tmp_path / "index.html").write_text(SITE.replace("<iframe", '<iframe sandbox="allow-scripts"'), encoding="utf-8")
    page.goto(f"{site}/index.html")
    works(page)


@pytest.mark.parametrize("width", [1400, 940, 480, 400])
def test_it_takes_the_width_of_its_frame(page, site, width):
    page.set_viewport_size({"width": width, "height": 1000})
    page.goto(f"{site}/index.html")
    inside = page.frame_locator("iframe")
    expect(inside.locator(".lw-caption")).to_contain_text("Unit 2, t = 5")
    page.wait_for_timeout(300)  # sizes follow in frames, not in an event
    frame = page.frame(url=re.compile("gates"))
    taken, room = frame.evaluate("() => { const e = document.documentElement; return [e.scrollWidth, e.clientWidth]; }")
    assert taken <= room
    # Nothing is cut off that has to be read.
    for name in frame.locator(".lw-numbers .lw-term").all():
        assert name.evaluate("element => element.scrollWidth <= element.clientWidth")
