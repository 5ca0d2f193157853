"""How long a step of the slider takes from the event to the painted frame, in headless Chromium.

    python benchmarks/scrubbing.py

1,000 timesteps x 256 units x 6 quantities of a real layer. At each step the slider moves by one timestep, and the work
of the page until the frame is ready to be painted is measured (scripts, style, layout; the rest of a frame is waiting).
The peer is an empty frame of the same page, in the same run. The target is 16 ms at the 95th percentile.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "browser"))

import keras
import numpy as np
from bare_page import show
from find_chrome import CHROMIUM_FLAGS, find_chrome
from playwright.sync_api import sync_playwright

import lstm_widget as lw

TIMESTEPS, UNITS = 1000, 256

# A frame's callbacks run in the order in which they were asked for: the first takes the time before the widget's, and a
# message sent from the last arrives when the main thread is done with style, layout and paint.
SCRUB = """async move => {
  const range = document.querySelector(".lw-range");
  const times = [];
  for (let step = 0; step < 300; step++) {
    await new Promise(done => setTimeout(done, 5));
    let begin = 0;
    requestAnimationFrame(() => { begin = performance.now(); });
    const start = performance.now();
    if (move) {
      range.value = String((step * 3) % (Number(range.max) + 1));
      range.dispatchEvent(new Event("input", { bubbles: true }));
    }
    const handled = performance.now() - start;
    times.push(await new Promise(done => requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => done(handled + performance.now() - begin);
      channel.port2.postMessage(0);
    })));
  }
  return times;
}"""


def percentiles(times: list[float]) -> str:
    """Give the median and the 95th percentile."""
    return " | ".join(f"{np.percentile(times, p):.1f}" for p in (50, 95))


def main() -> None:
    """Print the table."""
    layer = keras.layers.LSTM(UNITS, name="lstm")
    model = keras.Sequential([keras.Input((TIMESTEPS, 8)), layer, keras.layers.Dense(2, activation="softmax")])
    trace = lw.extract(model, np.random.default_rng(0).normal(size=(2, TIMESTEPS, 8)).astype("float32"))
    print("| panel | step p50, ms | step p95, ms | idle p50, ms | idle p95, ms |\n|---|---|---|---|---|")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chrome(), args=CHROMIUM_FLAGS)
        for panel in ("map", "all"):
            page = browser.new_page(viewport={"width": 1200, "height": 900})
            show(page, lw.LSTMWidget(trace, panel=panel, zoom=(0, TIMESTEPS)))
            page.wait_for_timeout(1500)
            idle, moving = (page.evaluate(SCRUB, move) for move in (False, True))
            print(f"| {panel} | {percentiles(moving)} | {percentiles(idle)} |", flush=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
