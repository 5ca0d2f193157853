"""Exported pages: what they carry, what they refuse, and that no text in them can become anything else."""

import base64
import dataclasses
import json
import re

import numpy as np
import pytest
from handmade import layer_of
from page_fixture import FILE, make

import lstm_widget as lw
from lstm_widget.cutting import cut
from lstm_widget.export.page.embed import bytes_of
from lstm_widget.export.page.make import _bytes_of_a_page


@pytest.fixture
def trace():
    return lw.example()


def data_of(page):
    (data,) = re.findall(r'<script type="application/json" id="lw-data">(.*?)</script>', page, re.DOTALL)
    return json.loads(data)


def numbers(text):
    return np.frombuffer(base64.b64decode(text), "<f4")


def test_a_part_of_a_trace_is_a_trace(trace):
    errors = np.random.default_rng(0).random((5, 31), "f4")
    trace.only.certificate = dataclasses.replace(trace.only.certificate, errors=errors)
    part = cut(trace, [3, 0], (2, 6))
    layer, whole = part.only, trace.only
    np.testing.assert_array_equal(layer.forget_gate, whole.forget_gate[[3, 0], 2:6])
    np.testing.assert_array_equal(layer.previous("c"), whole.previous("c")[[3, 0], 2:6])
    np.testing.assert_allclose(layer.preactivation("f"), whole.preactivation("f")[[3, 0], 2:6], atol=1e-6)
    np.testing.assert_array_equal(part.inputs, trace.inputs[[3, 0], 2:6])
    np.testing.assert_array_equal(part.outputs, trace.outputs[[3, 0], 2:6])
    np.testing.assert_array_equal(layer.certificate.errors, errors[[3, 0], 2:6])


def test_a_part_of_a_backward_layer_begins_at_its_end(trace):
    trace.only.direction = "backward"
    part = cut(trace, [4], (2, 6))
    np.testing.assert_array_equal(part.only.previous("c"), trace.only.previous("c")[[4], 2:6])


def test_a_page_carries_everything_exactly(trace, tmp_path):
    trace.save_html(tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text("utf-8")
    layer, carried = trace.only, data_of(page)["layers"]["lstm"]
    assert len(carried["scenes"]) == layer.samples
    for sample, scene in enumerate(carried["scenes"]):
        values = numbers(scene["values"]).reshape(6, layer.units, layer.timesteps)
        for k, quantity in enumerate(layer.quantities):
            np.testing.assert_array_equal(values[k], layer[quantity.name][sample].T)
    rest = re.sub(r'(id="lw-data">).*?</script>', r"\1</script>", page, flags=re.DOTALL)
    assert len(rest.encode()) < 300_000


def test_what_was_expected_is_cut_as_the_timesteps_are(trace, tmp_path):
    targets = trace.outputs.argmax(axis=-1)
    targets[3, 2:6] = [0, 1, 2, 3]
    lw.LSTMWidget(trace, targets=targets).save_html(tmp_path / "page.html", samples=[3], timesteps=(2, 6))
    (scene,) = data_of((tmp_path / "page.html").read_text("utf-8"))["layers"]["lstm"]["scenes"]
    expected = scene["scene"]["output"]["expected"]
    values = len(numbers(scene["values"])) * 4
    found = np.frombuffer(base64.b64decode(scene["behind"]), "<f4", 4, expected["offset"] - values)
    assert found.tolist() == [0, 1, 2, 3]


def test_no_weights_travel(trace, tmp_path):
    trace.save_html(tmp_path / "page.html")
    data = data_of((tmp_path / "page.html").read_text("utf-8"))
    assert [layer.pop("weights") for layer in data["catalogue"]["layers"]] == [False]
    keys = set(re.findall(r'"(\w+)":', json.dumps(data)))
    assert not {key for key in keys if "kernel" in key or "weight" in key}


def test_the_fixture_is_what_python_makes():
    """The twin in js/tests/offline.test.ts holds the page's own answers against it."""
    kept, now = json.loads(FILE.read_text("utf-8")), make()

    def same(a, b):
        assert type(a) is type(b)
        if isinstance(a, dict):
            assert a.keys() == b.keys()
            for key in a:
                same(a[key], b[key])
        elif isinstance(a, list):
            assert len(a) == len(b)
            for x, y in zip(a, b, strict=True):
                same(x, y)
        elif isinstance(a, str) and len(a) > 20 and len(a) % 4 == 0 and re.fullmatch(r"[\w+/]+=*", a):
            np.testing.assert_allclose(numbers(a), numbers(b), rtol=1e-5, atol=1e-7)
        else:
            assert a == pytest.approx(b) if isinstance(a, float) else a == b

    same(kept, now)


def test_a_widget_is_saved_as_it_is_on_screen(trace, tmp_path):
    widget = lw.LSTMWidget(trace, sample=3, unit=2, timestep=6, pinned=[1], compared=4, quantity="c", zoom=(4, 12))
    widget.save_html(tmp_path / "page.html", samples=[0, 3], timesteps=(2, 10))
    data = data_of((tmp_path / "page.html").read_text("utf-8"))
    chosen = data["selection"]
    assert {key: chosen[key] for key in ("sample", "unit", "timestep", "pinned", "quantity", "zoom", "compared")} == {
        "sample": 1,
        "unit": 2,
        "timestep": 4,
        "pinned": [1],
        "quantity": "cell_state",
        "zoom": [2, 8],
        "compared": None,
    }
    assert data["part"] == {"start": 2, "samples": {"lstm": [0, 3]}}
    lines = data["layers"]["lstm"]["lines"]
    assert [line["label"] for line in lines] == ["sample 0", "sample 3"], "they keep their names"
    assert data["texts"][data["layers"]["lstm"]["scenes"][1]["labels"]] == [str(t) for t in range(2, 10)]


def test_colours_mean_on_a_page_what_they_mean_in_the_widget(trace, tmp_path):
    widget = lw.LSTMWidget(trace)
    widget.save_html(tmp_path / "page.html", samples=[0], timesteps=(0, 3))
    scene = data_of((tmp_path / "page.html").read_text("utf-8"))["layers"]["lstm"]["scenes"][0]["scene"]
    assert scene["ranges"] == {name: list(limits) for name, limits in widget._scene["ranges"].items()}


EVIL = "</script><script>document.title = 666</script><!--\u2028 \" ' & \\"


def test_no_text_ends_the_script(trace, tmp_path):
    widget = lw.LSTMWidget(trace, timestep_labels=[EVIL] * 31, sample_labels=[EVIL] * 5, feature_names=[EVIL] * 4)
    widget.save_html(tmp_path / "page.html", title=EVIL)
    page = (tmp_path / "page.html").read_text("utf-8")
    assert page.lower().count("<script") == page.lower().count("</script") == 2
    assert "<!--" not in page
    assert data_of(page)["texts"] == [[EVIL] * 31]


@pytest.mark.parametrize(
    ("samples", "room", "says"),
    [
        (None, 2.5, r"each of its samples \(5\) takes 0.02 MB. Type samples=\[0, 1\], or max_mb=1 for all of it"),
        ([4], 0.5, r"Type timesteps=\(0, 15\), or max_mb=1"),
        ([4], -0.5, "Type max_mb=1 for all"),
    ],
)
def test_a_page_that_is_too_large_is_refused_and_the_error_says_what_fits(trace, tmp_path, samples, room, says):
    max_mb = (_bytes_of_a_page() + room * bytes_of(trace.only, 1)) / 1e6
    with pytest.raises(lw.PageTooLargeError, match=says):
        trace.save_html(tmp_path / "page.html", samples, max_mb=max_mb)
    assert not list(tmp_path.iterdir())


def test_what_an_error_says_to_type_is_written(trace, tmp_path):
    labels = [[f"{s} {t} " + "x" * 150 for t in range(31)] for s in range(5)]
    widget = lw.LSTMWidget(trace, timestep_labels=labels)
    widget.save_html(tmp_path / "page.html")
    max_mb = (tmp_path / "page.html").stat().st_size / 1e6 - 0.01
    with pytest.raises(lw.PageTooLargeError, match=r"Type samples=\[0, 1, 2\], or max_mb=1 for all") as refusal:
        widget.save_html(tmp_path / "page.html", max_mb=max_mb)
    assert "at least" not in str(refusal.value)
    widget.save_html(tmp_path / "page.html", samples=[0, 1, 2], max_mb=max_mb)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"max_mb": 0}, "megabytes"),
        ({"samples": [5]}, "samples=5.*0..4"),
        ({"samples": []}, "samples is empty"),
        ({"timesteps": (3, 99)}, "timesteps=.*31"),
    ],
)
def test_what_is_not_there_is_refused_before_anything_is_written(trace, tmp_path, given, says):
    with pytest.raises(lw.InputError, match=says):
        trace.save_html(tmp_path / "page.html", **given)
    assert not list(tmp_path.iterdir())


def said(page, trace, **how):
    with pytest.raises(lw.PageTooLargeError) as refusal:
        lw.LSTMWidget(trace, **how).save_html(page, max_mb=page.stat().st_size / 1e6 - 0.001)
    return re.search(r"take (at least )?([\d.]+) MB.*max_mb=(\d+) for all", str(refusal.value)).groups()


def test_the_size_that_is_said_is_the_size_that_is_written(tmp_path):
    rng = np.random.default_rng(0)
    layer = layer_of(timesteps=400, units=20, f=rng.random((400, 20)))
    weights = lw.GateWeights(np.zeros((1, 20)), np.zeros((20, 20)))
    layer.weights = dict.fromkeys(("input_gate", "forget_gate", "cell_candidate", "output_gate"), weights)
    trace = lw.Trace({"layer": layer}, inputs=layer.inputs, outputs=np.zeros((1, 2)))
    page = tmp_path / "page.html"
    # Three bytes a letter, and a name of its own for each timestep.
    for how in ({}, {"timestep_labels": [f"{t} " + "\N{SNOWMAN}" * 150 for t in range(400)]}):
        lw.LSTMWidget(trace, **how).save_html(page)
        before = page.read_bytes()
        size = len(before) / 1e6
        at_least, exact, enough = said(page, trace, **how)
        assert at_least is None
        assert float(exact) == round(size, 2)
        assert page.read_bytes() == before, "what is refused is not written"
        lw.LSTMWidget(trace, **how).save_html(page, max_mb=int(enough))
    # What is refused before its names are read says so.
    with pytest.raises(lw.PageTooLargeError, match=r"would take at least 0\.\d+ MB"):
        trace.save_html(page, max_mb=0.3)


def test_layers_of_other_lengths_share_no_window():
    layers = {"long": layer_of(name="long", timesteps=6), "short": layer_of(name="short", timesteps=3)}
    trace = lw.Trace(layers, inputs=np.zeros((1, 6, 1)), outputs=np.zeros((1, 2)))
    with pytest.raises(lw.InputError, match="'long' has 6, 'short' has 3"):
        cut(trace, [0], (0, 2))
