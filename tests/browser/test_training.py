"""The training time machine: displayed before fit, it fills; afterwards one scrubs through all of it."""

import re

import pytest
from playwright.sync_api import expect

SET_UP = """
import keras, numpy as np, pathlib, time
import lstm_widget as lw
import lstm_widget.pace
lstm_widget.pace._SHARE = 0  # each step is sent, however busy this machine is

keras.utils.set_random_seed(0)  # the numbers of two epochs differ in what is read
x = np.random.default_rng(0).normal(size=(32, 12, 1)).astype("float32")
layers = [keras.layers.LSTM(4, return_sequences=True, name="lstm"), keras.layers.Dense(1)]
model = keras.Sequential([keras.Input((12, 1)), *layers])
model.compile("adam", "mse")
recorder = lw.GateRecorder(x[:2])

class Hold(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        while epoch == 3 and not pathlib.Path({go!r}).exists():
            time.sleep(0.05)

w = lw.LSTMWidget(recorder.recording, targets=x[:2, :, 0])
w
"""
FIT = "model.fit(x, x.cumsum(axis=1), epochs=6, verbose=0, callbacks=[recorder, Hold()]);"


# Each epoch comes when the test says so, by name.
WAIT = """
class Wait(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        while epoch and not (pathlib.Path({folder!r}) / str(epoch)).exists():
            time.sleep(0.02)

model.fit(x, x.cumsum(axis=1), epochs=9, verbose=0, callbacks=[recorder, Wait()]);
"""
WATCH = """() => {
  window.seen = [];
  const name = document.querySelector(".lw-step-name");
  new MutationObserver(() => window.seen.push(name.textContent))
    .observe(name, { subtree: true, childList: true, characterData: true });
}"""


def slider(page):
    return page.get_by_role("slider", name="step", exact=True)


def start(page, index):
    page.locator(".jp-CodeCell").nth(index).locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")


def test_a_training_fills_the_widget_while_it_runs_and_can_be_scrubbed(notebook, run_cell, tmp_path):
    go = tmp_path / "go"
    page = notebook([SET_UP.replace("{go!r}", repr(str(go))), FIT, "print(w.step, w._scene['step'])"], run=1)
    expect(page.get_by_text("Waiting for the first step of the training.")).to_be_visible()
    start(page, 1)
    # The kernel is held in its fourth epoch: nothing that is asked would be answered now.
    expect(page.locator(".lw-steps")).to_contain_text("epoch 3", timeout=90_000)
    expect(page.locator(".lw-status")).to_contain_text("Training runs")
    hidden = page.locator(".lw-numbers dd").last
    last = hidden.inner_text()
    slider(page).focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    expect(page.locator(".lw-steps")).to_contain_text("epoch 0")
    expect(hidden).not_to_have_text(last)
    first = hidden.inner_text()
    page.keyboard.press("End")
    expect(hidden).to_have_text(last)
    page.keyboard.press("Home")
    expect(hidden).to_have_text(first)
    go.touch()
    # Not where the training is, but where the person is.
    expect(slider(page)).to_have_attribute("max", "5")
    expect(page.locator(".lw-status")).to_be_empty()
    expect(page.locator(".lw-steps")).to_contain_text("epoch 0")
    expect(hidden).to_have_text(first)
    assert run_cell(2).strip() == "0 0"
    slider(page).focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".lw-steps")).to_contain_text("epoch 1")
    expect(page.locator(".lw-root")).not_to_have_attribute("data-lw-behind", "")
    assert run_cell(2).strip() == "1 1"
    slider(page).focus()
    page.keyboard.press("C")
    page.keyboard.press(">")
    expect(page.get_by_role("button", name="A: epoch 2")).to_be_visible()
    expect(page.get_by_role("button", name="B: epoch 1")).to_be_visible()


@pytest.mark.parametrize("max_steps", [None, 6])
def test_who_looks_back_while_epochs_come_is_left_there_and_kept_there(notebook, run_cell, tmp_path, max_steps):
    set_up = SET_UP.split("class Hold", maxsplit=1)[0].replace("x[:2])", f"x[:2], max_steps={max_steps})")
    cells = [set_up + "w = lw.LSTMWidget(recorder.recording); w", WAIT.replace("{folder!r}", repr(str(tmp_path)))]
    page = notebook([*cells, "print(w._steps['names'][w.step], w._scene['step'], w.unit, w.quantity)"], run=1)

    def go_on(epoch, last):
        (tmp_path / str(epoch)).touch()
        expect(slider(page)).to_have_attribute("max", str(last))

    start(page, 1)
    expect(page.locator(".lw-steps")).to_contain_text("epoch 0", timeout=90_000)
    for epoch in (1, 2, 3):
        go_on(epoch, epoch)
        expect(page.locator(".lw-step-name")).to_contain_text(f"epoch {epoch}")
    # Nothing of this reaches the kernel before its cell is over.
    slider(page).focus()
    for key in ("ArrowLeft", "Home", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    chosen = page.locator('.lw-unit[aria-selected="true"]')
    before = chosen.inner_text()
    page.locator('.lw-unit[aria-selected="false"]').first.click()
    page.keyboard.press("4")
    expect(chosen).not_to_have_text(before)
    expect(page.locator(".lw-step-name")).to_contain_text("epoch 2")
    expect(page.locator(".lw-caption")).to_contain_text(f"Unit {chosen.inner_text()},")
    hidden, unit = page.locator(".lw-numbers dd").last.inner_text(), page.locator(".lw-caption").inner_text()
    page.evaluate(WATCH)
    for epoch, last in ((4, 4), (5, 5), (6, 3 if max_steps else 6), (7, 3 if max_steps else 7)):
        (tmp_path / str(epoch)).touch()
        expect(slider(page)).to_have_attribute("max", str(last))
        page.wait_for_timeout(100)
    (tmp_path / "8").touch()
    expect(page.locator(".lw-status")).to_be_empty()
    told = run_cell(2).split()
    assert told[:3] == ["epoch", "2", "2"]
    expect(page.locator(".lw-step-name")).to_contain_text("epoch 2")
    expect(page.locator(".lw-numbers dd").last).to_have_text(hidden)
    expect(page.locator(".lw-caption")).to_have_text(unit)
    expect(page.locator(".lw-caption")).to_contain_text(f"Unit {told[3]},")
    assert told[4] == "output_gate"
    assert {*page.evaluate("() => window.seen")} <= {"epoch 2"}
    # And from here the two go on together.
    slider(page).focus()
    page.keyboard.press("End")
    expect(page.locator(".lw-step-name")).to_contain_text("epoch 8")
    assert run_cell(2).split()[:3] == ["epoch", "8", "8"]


def test_two_traces_open_side_by_side(notebook, run_cell):
    cells = [
        "import lstm_widget as lw\na, b = lw.example(), lw.example()",
        'w = lw.LSTMWidget({"before": a, "after": b}); w',
        "print(w.step, w.compared_step, w.comparison)",
    ]
    page = notebook(cells, run=2)
    page.get_by_role("button", name="before", exact=True).click()
    expect(page.get_by_role("button", name="A: before")).to_be_visible()
    assert run_cell(2).strip() == "0 1 difference"


def test_weights_are_scrubbed_as_well(notebook, run_cell):
    cells = [
        SET_UP.split("class Hold", maxsplit=1)[0],
        "model.fit(x, x.cumsum(axis=1), epochs=6, verbose=0, callbacks=[recorder]);",
        "w = lw.LSTMWidget(recorder.recording, feature_names=['load'], unit=2, quantity='f'); w",
        (
            "b = [step.weights['lstm']['forget_gate'].bias[2] for step in recorder.recording]\n"
            "print(w.panel, w.step, f'{b[5]:.4f}', f'{b[0]:.4f}')"
        ),
    ]
    page = notebook(cells, run=3)
    slider(page).focus()
    page.keyboard.press("w")
    weights = page.locator('canvas[aria-label^="Weights of the forget gate"]')
    expect(weights).to_have_attribute("aria-label", re.compile("W of load = .* b = "))
    at_the_end = weights.get_attribute("aria-label")
    page.keyboard.press("Home")
    expect(weights).not_to_have_attribute("aria-label", at_the_end)
    expect(page.locator(".lw-steps")).to_contain_text("epoch 0")
    expect(page.locator('canvas[aria-label^="Norms of the weights: input gate W,"]')).to_be_visible()
    panel, step, last, first = run_cell(3).split()
    assert (panel, step) == ("weights", "0")
    assert at_the_end.endswith(f"b = {last}")
    assert weights.get_attribute("aria-label").endswith(f"b = {first}")
    assert last != first
