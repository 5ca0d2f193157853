"""How the widget feels in JupyterLab in Chromium, beside what people would use instead.

    python benchmarks/notebook.py [--quick]

For traces of growing size, in one run: from executing the cell to the first paint, and what came over the wire until
then; from a step of the slider to paint; from a zoom to the last number; a reload of the page. The peers are
``ipywidgets.interact`` with matplotlib's ``imshow``, and a plotly ``FigureWidget`` with a heat map, of one quantity
each, at the sizes that they survive. The traces are random walks on disk, opened as memory maps.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "browser"))

import nbformat
import numpy as np
from find_chrome import CHROMIUM_FLAGS, find_chrome
from lab import Lab, idle, serve, wait_until_ready
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as BrowserError
from random_trace import write

from lstm_widget import bundle

SIZES = [(100, 32), (1_000, 256), (10_000, 512), (100_000, 1_024)]
STEPS = 60
PATIENCE = 60_000
"""Milliseconds for one thing; who takes longer does not survive."""
QUIET = 0.4


@dataclass(frozen=True)
class Tool:
    """Something that shows a heat map over time with a slider."""

    name: str
    code: str
    handle: str
    """Takes the arrow keys."""
    said: str
    """Changes when a step has been shown."""


OURS = Tool("lstm_widget", "lw.LSTMWidget(trace, timestep=0)", ".lw-range", ".lw-caption")
INTERACT = Tool(
    "interact + matplotlib",
    """
import ipywidgets, matplotlib.pyplot as plt
f = trace["lstm"].forget_gate[0].T
def show(t):
    plt.figure(figsize=(9, 4))
    plt.imshow(f, aspect="auto", vmin=0, vmax=1)
    plt.axvline(t)
    plt.show()
ipywidgets.interact(show, t=ipywidgets.IntSlider(0, 0, f.shape[1] - 1, f.shape[1] // 100));
""",
    ".noUi-handle",
    ".widget-interact img",
)
PLOTLY = Tool(
    "plotly FigureWidget",
    """
import ipywidgets, plotly.graph_objects as go
f = trace["lstm"].forget_gate[0].T
figure = go.FigureWidget(go.Heatmap(z=f, zmin=0, zmax=1))
figure.add_vline(0)
slider = ipywidgets.IntSlider(0, 0, f.shape[1] - 1, f.shape[1] // 100)
slider.observe(lambda change: figure.layout.shapes[0].update(x0=change.new, x1=change.new), "value")
ipywidgets.VBox([slider, figure])
""",
    ".noUi-handle",
    ".shapelayer path",
)

# When what is said has changed and the frame that shows it is done: a message that was sent from within a frame comes
# when the main thread is through with style, layout and paint, at times only when that frame is on the screen.
CHANGED = """([selector, before]) => new Promise(done => {
  const said = () => {
    const found = document.querySelector(selector);
    if (!found || found.complete === false) return "";
    return (found.currentSrc || found.getAttribute("d") || found.textContent).slice(-4000);
  };
  const look = () => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      const now = said();
      if (!now || now === before) requestAnimationFrame(look);
      else done({ said: now, at: performance.timeOrigin + performance.now() });
    };
    channel.port2.postMessage(0);
  };
  requestAnimationFrame(look);
})"""

# Before the page's own listeners, which keep keys from others.
PRESSED = """window.addEventListener("keydown", () => {
  window.lwPressed = performance.timeOrigin + performance.now();
}, { capture: true });"""


@dataclass
class Wire:
    """What came from the kernel."""

    received: int = 0
    last: float = 0.0

    def listen(self, page: Page) -> None:
        """Count every frame of every socket."""
        page.on("websocket", lambda socket: socket.on("framereceived", self._count))

    def _count(self, payload: str | bytes) -> None:
        self.received += len(payload)
        self.last = time.perf_counter()


@contextmanager
def opened(browser: Browser, lab: Lab, trace: Path, tool: Tool) -> Iterator[tuple[Page, Wire]]:
    """Open a notebook in which the trace is loaded and the tool waits in the second cell."""
    name = f"{time.monotonic_ns()}.ipynb"
    load = f"import lstm_widget as lw\ntrace = lw.Trace.load({str(trace)!r})\nlw.LSTMWidget, lw.example().only.shape"
    cells = [nbformat.v4.new_code_cell(source.strip()) for source in (load, tool.code)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), lab.root / name)
    page, wire = browser.new_page(viewport={"width": 1400, "height": 1100}), Wire()
    page.set_default_timeout(PATIENCE)
    wire.listen(page)
    page.add_init_script(PRESSED)
    try:
        page.goto(f"{lab.url}/doc/tree/{name}?reset")
        wait_until_ready(page)
        page.locator(".jp-CodeCell .cm-content").first.click()
        page.keyboard.press("Shift+Enter")
        page.locator(".jp-CodeCell").first.locator(".jp-OutputArea-output").wait_for()
        idle(page)
        yield page, wire
    finally:
        page.close()


def changed(page: Page, tool: Tool, press: str, before: str | None) -> tuple[str, float]:
    """Press a key; give what is said then, and the milliseconds until it was painted."""
    page.evaluate("arguments => { window.lwChanged = (" + CHANGED + ")(arguments); }", [tool.said, before])
    page.keyboard.press(press)
    found = page.evaluate(
        "patience => Promise.race([window.lwChanged, new Promise((_, no) => setTimeout(() => no('late'), patience))])",
        PATIENCE,
    )
    return found["said"], found["at"] - page.evaluate("window.lwPressed")


def first_paint(page: Page, wire: Wire, tool: Tool) -> tuple[float, int, str]:
    """Execute the second cell: milliseconds, bytes that came until then, what is said."""
    page.locator(".jp-CodeCell .cm-content").nth(1).click()
    before = wire.received
    said, waited = changed(page, tool, "Shift+Enter", "")
    received = wire.received - before
    idle(page)
    return waited, received, said


def steps(page: Page, tool: Tool, said: str, count: int) -> list[float]:
    """Move the slider by one timestep at a time: milliseconds until each was painted."""
    page.locator(tool.handle).first.focus()
    waits = []
    for _ in range(count):
        page.wait_for_timeout(30)
        said, waited = changed(page, tool, "ArrowRight", said)
        waits.append(waited)
    return waits


@contextmanager
def traced(page: Page) -> Iterator[list[float]]:
    """Give, at the end, the milliseconds that the page's main thread took for each key: for itself, and for its frame.

    Chromium's own record of its tasks; unlike a clock in the page it has no waiting for the next frame in it.
    """
    session, events, works = page.context.new_cdp_session(page), [], []
    session.on("Tracing.dataCollected", lambda found: events.extend(found["value"]))
    ended = []
    session.on("Tracing.tracingComplete", lambda found: ended.append(found))  # noqa: PLW0108  (it must take attributes)
    session.send("Tracing.start", {"traceConfig": {"includedCategories": ["devtools.timeline", "toplevel"]}})
    yield works
    session.send("Tracing.end")
    while not ended:
        page.wait_for_timeout(20)
    keys = [e for e in events if e["name"] == "EventDispatch" and e["args"]["data"]["type"] == "keydown"]
    (thread,) = {(e["pid"], e["tid"]) for e in keys}
    here = [e for e in events if e.get("dur") is not None and (e["pid"], e["tid"]) == thread]
    tasks = [e for e in here if e["name"] == "ThreadControllerImpl::RunTask"]
    frames = [task for task in tasks if any(_holds(task, e) for e in here if e["name"] == "Paint")]
    for key, until in zip(keys, [*(key["ts"] for key in keys[1:]), float("inf")], strict=True):
        handling = next(task for task in tasks if _holds(task, key))
        shown = [task for task in frames if key["ts"] <= task["ts"] < until and task is not handling]
        works.append((handling["dur"] + max((task["dur"] for task in shown), default=0)) / 1000)


def _holds(task: dict, event: dict) -> bool:
    return task["ts"] <= event["ts"] <= task["ts"] + task["dur"]


def quiet(wire: Wire, page: Page, since: float) -> float:
    """Wait until nothing comes any more; give the milliseconds from then until the last of it."""
    while time.perf_counter() - max(since, wire.last) < QUIET:
        page.wait_for_timeout(20)
    return max(0.0, (wire.last - since) * 1000)


def p(times: list[float]) -> str:
    """Give the median and the 95th percentile."""
    return ", ".join(f"{np.percentile(times, each):.1f}" for each in (50, 95))


def ours(browser: Browser, lab: Lab, size: tuple[int, int], trace: Path) -> float:
    """Print the widget's line; give the median of a step."""
    shipped = len(bundle.read("widget.js").encode()) + len(bundle.read("widget.css").encode())
    with opened(browser, lab, trace, OURS) as (page, wire):
        paint, received, said = first_paint(page, wire, OURS)
        quiet(wire, page, time.perf_counter())
        with traced(page) as works:
            waits = steps(page, OURS, said, STEPS)
        quiet(wire, page, time.perf_counter())
        begin = time.perf_counter()
        for _ in range(3):
            page.keyboard.press("+")
        sharp = quiet(wire, page, begin)
        state = page.locator(".lw-caption").inner_text()
        page.keyboard.press("Control+s")
        page.wait_for_timeout(1000)
        page.reload()
        try:
            page.get_by_text(state, exact=True).first.wait_for()
            back = True
        except BrowserError:
            back = False
    kept = "yes" if back else "NO"
    beside = (received - shipped) / 1000
    print(
        f"| {size[0]:,} x {size[1]:,} | {paint:.0f} | {beside:.0f} | {p(works)} | {p(waits)} | {sharp:.0f} | {kept} |",
        flush=True,
    )
    return float(np.median(waits))


def peer(browser: Browser, lab: Lab, trace: Path, tool: Tool, step: float) -> None:
    """Print the line of something that people would use instead, beside the median of our step."""
    begin = f"| {trace.stem} | {tool.name} |"
    try:
        with opened(browser, lab, trace, tool) as (page, wire):
            paint, _, said = first_paint(page, wire, tool)
            waits = steps(page, tool, said, 10)
    except BrowserError as error:
        print(f"{begin} did not survive: {str(error).splitlines()[0][:60]} | | |", flush=True)
        return
    print(f"{begin} {paint:.0f} | {p(waits)} | {np.median(waits) / step:.0f} |", flush=True)


def main() -> None:
    """Print the tables."""
    sizes = SIZES[:2] if "--quick" in sys.argv else SIZES
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chrome(), args=CHROMIUM_FLAGS)
        (home := Path(folder) / "jupyter").mkdir()
        with serve(home) as lab:
            traces = {size: write(Path(folder) / "x".join(map(str, size)), *size) for size in sizes}
            # The first widget of a server loads what all others find.
            with opened(browser, lab, traces[sizes[0]], OURS) as (page, wire):
                first_paint(page, wire, OURS)
            print("| T x U | first paint, ms | kB before it, beside the bundle | work of a step p50, p95, ms ", end="")
            print("| step to paint p50, p95, ms | zoom to the last number, ms | reload shows the same |")
            print("|---|---|---|---|---|---|---|", flush=True)
            each = {size: ours(browser, lab, size, traces[size]) for size in sizes}
            print("\n| T x U | instead | first paint, ms | step to paint p50, p95, ms | over ours |")
            print("|---|---|---|---|---|")
            for size in sizes:
                for tool in (INTERACT, PLOTLY):
                    peer(browser, lab, traces[size], tool, each[size])
        browser.close()


if __name__ == "__main__":
    main()
