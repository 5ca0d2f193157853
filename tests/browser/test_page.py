"""An exported page in a real browser, from disk, with no kernel and no network."""

import re
from html import escape

import numpy as np
import pytest
from playwright.sync_api import expect

import lstm_widget as lw

MINUS = "\N{MINUS SIGN}"
STRICT = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"
EVIL = "</script><img src=x onerror=document.title=666>"


@pytest.fixture(autouse=True)
def only_the_file_itself(page, watch):
    """Reading the page from disk is the one request there may be."""
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    yield
    watch.requests = [url for url in watch.requests if not url.startswith("file:///")]
    assert [url for url in asked if not url.startswith(("about:", "data:", "blob:"))] == asked[:1]


@pytest.fixture
def widget():
    return lw.LSTMWidget(lw.example(), sample=3, unit=2, timestep=5, sort="index", equation="f")


def saved(widget, tmp_path, **how):
    widget.save_html(tmp_path / "gates.html", **how)
    return tmp_path / "gates.html"


def shown(page):
    """The numbers at the right, by name."""
    found = re.findall(rf"(\w+ \w+)\s*({MINUS}?[\d.]+)", page.locator(".lw-numbers").inner_text())
    return {name: float(value.replace(MINUS, "-")) for name, value in found}


def at(unit, timestep):
    return re.compile(rf"unit {unit}\s*at t = {timestep}(?!\d)")


def holds(page, sample, timestep, unit):
    layer = lw.example().only
    expect(page.locator(".lw-side")).to_contain_text(at(unit, timestep))
    values = shown(page)
    assert set(values) == {quantity.label for quantity in layer.quantities}
    for quantity in layer.quantities:
        assert values[quantity.label] == pytest.approx(layer[quantity.name][sample, timestep, unit], abs=1e-4)


def presses(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def walk(page):
    """Time, units, samples, zoom, panels, an equation: with the right numbers at the end of it."""
    page.locator(".lw-root").wait_for()
    holds(page, 3, 5, 2)
    expect(page.locator(".lw-diagram")).to_contain_text(re.compile(r"f = sigmoid\("))
    page.get_by_role("slider", name="timestep").focus()
    presses(page, "ArrowRight", "ArrowRight", "ArrowDown", "5", "p", "m", "a", "s", "s")
    holds(page, 3, 7, 3)
    page.get_by_role("button", name="next sample").click()
    expect(page.get_by_role("button", name="sample: sample 4")).to_be_visible()
    holds(page, 4, 7, 3)
    page.get_by_role("combobox", name="order of the units").select_option("half_life")
    expect(page.locator(".lw-caption")).not_to_contain_text("kernel")


def test_everything_that_needs_no_kernel_works_from_disk(page, widget, tmp_path):
    page.goto(saved(widget, tmp_path, title="Counting").as_uri())
    expect(page.get_by_role("heading", name="Counting")).to_be_visible()
    assert page.title() == "Counting"
    walk(page)


def test_it_works_under_a_strict_policy(page, widget, tmp_path):
    html = saved(widget, tmp_path)
    text = html.read_text("utf-8")
    meta = f'<head><meta http-equiv="Content-Security-Policy" content="{STRICT}">'
    html.write_text(text.replace("<head>", meta, 1), encoding="utf-8")
    page.goto(html.as_uri())
    walk(page)


def test_picture_and_numbers_are_made_without_a_kernel(page, widget, tmp_path):
    html = saved(widget, tmp_path)
    html.write_text(html.read_text("utf-8").replace("; img-src data: blob:", "; img-src data:", 1), encoding="utf-8")
    page.goto(html.as_uri())
    page.locator(".lw-root").focus()
    presses(page, "e")
    with page.expect_download() as picture:
        page.get_by_role("button", name="PNG").click()
    assert picture.value.path().read_bytes().startswith(b"\x89PNG")
    with page.expect_download() as numbers:
        page.get_by_role("button", name="CSV").click()
    assert numbers.value.suggested_filename == "lstm-sample-3-unit-2.csv"
    layer = lw.example().only
    rows = [line.split(",") for line in numbers.value.path().read_text("utf-8").splitlines()]
    assert rows[0] == ["layer", "sample", "timestep", "label", "unit", *(q.name for q in layer.quantities)]
    exact = np.stack([layer[q.name][3, :25, 2] for q in layer.quantities], axis=1)
    np.testing.assert_array_equal(np.array([row[5:] for row in rows[1:]], "f4"), exact)


def test_it_works_as_the_source_of_a_frame(page, widget, tmp_path):
    html = saved(widget, tmp_path)
    outside = tmp_path / "docs.html"
    frame = f'<iframe srcdoc="{escape(html.read_text("utf-8"), quote=True)}" width=1200 height=800></iframe>'
    outside.write_text(f"<!doctype html><title>docs</title>{frame}", encoding="utf-8")
    page.goto(outside.as_uri())
    inside = page.frame_locator("iframe")
    expect(inside.locator(".lw-side")).to_contain_text(at(2, 5))
    inside.get_by_role("slider", name="timestep").press("ArrowRight")
    expect(inside.locator(".lw-side")).to_contain_text("t = 6")


def test_labels_cannot_become_anything_else(page, tmp_path):
    widget = lw.LSTMWidget(lw.example(), timestep_labels=[EVIL] * 31, sample_labels=[EVIL] * 5)
    page.goto(saved(widget, tmp_path, title=EVIL).as_uri())
    expect(page.locator(".lw-side")).to_contain_text(EVIL)
    assert page.title() == EVIL
    assert page.locator("img").count() == 0


def test_a_part_keeps_the_names_and_the_numbers(page, widget, tmp_path):
    page.goto(saved(widget, tmp_path, samples=[0, 3], timesteps=(2, 12)).as_uri())
    expect(page.get_by_role("button", name="sample: sample 3")).to_be_visible()
    expect(page.locator(".lw-side")).to_contain_text(re.compile(r"t = 3\s*·\s*5"))
    layer = lw.example().only
    for quantity in layer.quantities:
        assert shown(page)[quantity.label] == pytest.approx(layer[quantity.name][3, 5, 2], abs=1e-4)
    page.get_by_role("button", name="export").click()
    with page.expect_download() as numbers:
        page.get_by_role("button", name="CSV").click()
    first = numbers.value.path().read_text("utf-8").splitlines()[1].split(",")
    assert first[:5] == ["lstm", "3", "2", "2", "2"], "sample and timestep are the whole's"


def test_it_is_dark_where_people_are(page, widget, tmp_path):
    page.emulate_media(color_scheme="dark")
    page.goto(saved(widget, tmp_path).as_uri())
    expect(page.locator(".lw-root[data-lw-dark]")).to_be_visible()
    page.emulate_media(color_scheme="light")
    expect(page.locator(".lw-root:not([data-lw-dark])")).to_be_visible()


def test_a_long_sequence_is_thinned_on_the_page_and_read_exactly(page, tmp_path):
    example = lw.example().only
    values = {q.name: np.tile(example[q.name][3:4, :25], (1, 160, 4)) for q in example.quantities}
    long = lw.LayerTrace(
        name="lstm",
        cell="lstm",
        direction="forward",
        values=values,
        mask=None,
        inputs=np.zeros((1, 4000, 1), "f4"),
        initial_state={name: np.zeros((1, 32), "f4") for name in ("hidden_state", "cell_state")},
        weights={
            gate: lw.GateWeights(np.zeros((1, 32), "f4"), np.zeros((32, 32), "f4"))
            for gate in ("input_gate", "forget_gate", "cell_candidate", "output_gate")
        },
        activations=example.activations,
        reset_after=False,
        readout=None,
        certificate=example.certificate,
        origin=type(example.origin)(np.zeros(1, int), 4000),
    )
    trace = lw.Trace({"lstm": long}, inputs=np.zeros((1, 4000, 1), "f4"), outputs=np.zeros((1, 2)))
    widget = lw.LSTMWidget(trace, unit=20, timestep=1234)
    assert widget._scene["block"]["stride"] > 1
    page.goto(saved(widget, tmp_path).as_uri())
    expect(page.locator(".lw-side")).to_contain_text(at(20, 1234))
    expect(page.locator(".lw-side")).not_to_contain_text("~")
    for quantity in long.quantities:
        assert shown(page)[quantity.label] == pytest.approx(long[quantity.name][0, 1234, 20], abs=1.1e-4)
