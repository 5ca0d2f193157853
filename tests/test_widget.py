"""LSTMWidget in the kernel: what is selected, what is refused, what is sent. Runs with old and new anywidget alike."""

import json
from types import SimpleNamespace

import ipywidgets
import numpy as np
import pytest
import traitlets
from handmade import layer_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import lstm_widget as lw
from lstm_widget.protocol import MAX_BYTES
from lstm_widget.serving.shelf import Shelf
from lstm_widget.widget import _SELECTION


@pytest.fixture
def trace():
    return lw.example()


@pytest.fixture
def widget(trace):
    return lw.LSTMWidget(trace)


@pytest.fixture
def sent(widget, monkeypatch):
    """Answers that went to the browser, as (content, buffers)."""
    messages = []
    monkeypatch.setattr(widget, "send", lambda content, buffers=None: messages.append((content, buffers or [])))
    return messages


def tile(**changes):
    request = {
        "id": "view:1",
        "kind": "tile",
        "layer": "lstm",
        "sample": 1,
        "step": 0,
        "quantities": ["cell_state"],
        "units": [2, 3],
        "start": 3,
        "stop": 9,
        "stride": 1,
    }
    return {**request, **changes}


def asking(kind, **fields):
    return {"id": "view:1", "kind": kind, "layer": "lstm", "sample": 1, "step": 0, **fields}


def test_opens_where_something_happens(widget, trace):
    layer = trace.only
    # The counter is read by the Dense layer behind; its weight times h is the largest.
    pushes = np.abs(layer.readout.kernel * layer.hidden_state[0, -1][:, None]).max(axis=1)
    assert widget.unit == pushes.argmax()
    moved = np.abs(layer.cell_state[0] - layer.previous("c")[0])[:, widget.unit]
    assert widget.timestep == moved.argmax()
    assert widget.quantity == "forget_gate"
    assert widget.zoom == (0, 7), "three a, X, three b: the rest is masked"


def test_opens_on_the_worst_sample(trace):
    targets = trace.outputs.argmax(axis=-1)
    targets[3] = (targets[3] + 1) % 4
    assert lw.LSTMWidget(trace, targets=targets).sample == 3


def test_every_selection_is_an_argument(trace):
    given = {
        "layer": "lstm",
        "sample": 2,
        "timestep": 5,
        "unit": 1,
        "pinned": [3, 4],
        "quantity": "cell_state",
        "zoom": (2, 9),
        "sort": "similarity:3",
        "height": 500,
        "panel": "saturation",
        "scale": "logit",
        "threshold": 0.25,
        "range": (3, 5),
        "compared": 4,
        "step": 0,
        "compared_step": 0,
        "comparison": "difference",
        "equation": "forget_gate",
        "diagram": False,
        "veiled": True,
        "text": "rows",
        "among": "wrong",
    }
    assert set(given) == {*_SELECTION, "height"}
    widget = lw.LSTMWidget(trace, **given)
    assert {name: getattr(widget, name) for name in given} == given


def test_quantity_and_equation_may_be_symbols(widget):
    widget.quantity = "o"
    widget.equation = "c"
    assert (widget.quantity, widget.equation) == ("output_gate", "cell_state")
    widget.equation = ""
    assert widget.equation == ""


def test_similarity_alone_is_to_the_selected_unit_and_stays_with_it(widget):
    widget.unit = 5
    widget.sort = "similarity"
    assert widget.sort == "similarity:5"
    order = list(widget._scene["order"])
    assert order[0] == 5
    widget.unit = 2
    assert widget.sort == "similarity:5"
    assert list(widget._scene["order"]) == order


def test_similarity_alone_as_an_argument_and_from_the_browser(trace, widget):
    assert lw.LSTMWidget(trace, sort="similarity", unit=3).sort == "similarity:3"
    widget.set_state({"sort": "similarity", "unit": 6})
    assert widget.sort == "similarity:6"
    assert widget._scene["order"][0] == 6


def test_numpys_numbers_are_numbers(widget):
    widget.unit, widget.timestep, widget.compared = np.int64(3), np.uint8(4), np.int32(1)
    widget.pinned, widget.range, widget.zoom = np.array([1, 2]), np.array([2, 5]), [1, 7]
    widget.threshold, widget.veiled = np.float32(0.5), np.bool_(True)
    assert (widget.unit, widget.timestep, widget.compared, widget.pinned) == (3, 4, 1, [1, 2])
    assert (widget.range, widget.zoom, widget.threshold, widget.veiled) == ((2, 5), (1, 7), 0.5, True)
    # As JSON, which knows no NumPy.
    json.dumps(widget.get_state(list(_SELECTION)))


def test_what_may_be_nothing(widget):
    for name in ("threshold", "range", "compared"):
        assert getattr(widget, name) is None
    widget.threshold, widget.range, widget.compared = 1, (0, 2), 3
    widget.threshold = widget.range = widget.compared = None
    assert widget.range is None


def test_no_two_widgets_share_their_pinned_units(trace):
    one, other = lw.LSTMWidget(trace), lw.LSTMWidget(trace)
    one.pinned.append(3)
    assert other.pinned == []


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("sample", 5, "0..4"),
        ("sample", -1, "0..4"),
        ("timestep", 31, "0..30"),
        ("unit", 8, "0..7"),
        ("pinned", [0, 8], "0..7"),
        ("quantity", "z", "forget_gate"),
        ("zoom", (5, 5), "31"),
        ("layer", "gru", "'lstm'"),
        ("sort", "size", "'change', 'index', 'saturation', 'half_life', 'similarity:<unit>' with a unit in 0..7"),
        ("sort", "similarity:8", "0..7"),
        ("sort", "similarity:-1", "0..7"),
        ("sort", "similarity:", "0..7"),
        ("sample", True, "0..4"),
        ("sample", None, "0..4"),
        ("pinned", 3, "a list of units in 0..7"),
        ("pinned", [1.5], "0..7"),
        ("quantity", "", "forget_gate"),
        ("quantity", ["f"], "forget_gate"),
        ("zoom", None, "<= 31"),
        ("zoom", "ab", "<= 31"),
        ("panel", "maps", "'map', 'all', 'saturation'"),
        ("scale", 1, "'shared', 'unit', 'logit'"),
        ("threshold", float("nan"), "finite"),
        ("threshold", float("inf"), "finite"),
        ("threshold", "0.5", "finite"),
        ("threshold", True, "finite"),
        ("range", (3, 32), "stop <= 31"),
        ("range", (3, 3), "stop <= 31"),
        ("range", [1], "stop <= 31"),
        ("compared", 5, "0..4"),
        ("compared", 1.0, "0..4"),
        ("comparison", "c", "'a', 'b', 'difference'"),
        ("equation", "z", "forget_gate"),
        ("diagram", 1, "True or False"),
        ("veiled", None, "True or False"),
        ("text", "columns", "'line', 'rows'"),
        ("among", "most", "'all', 'wrong', 'right'"),
        ("height", 5, "320"),
    ],
)
def test_bad_values_from_python_raise_and_change_nothing(widget, name, value, says):
    before = getattr(widget, name)
    with pytest.raises(traitlets.TraitError, match=says):
        setattr(widget, name, value)
    assert getattr(widget, name) == before


@pytest.mark.parametrize(("name", "value"), [("sample", 9), ("layer", "nope"), ("timestep", 99), ("quantity", "q")])
def test_bad_arguments_raise(trace, name, value):
    with pytest.raises(traitlets.TraitError):
        lw.LSTMWidget(trace, **{name: value})


def test_unknown_argument_is_named(trace):
    with pytest.raises(TypeError, match="'units'"):
        lw.LSTMWidget(trace, units=3)


def test_values_out_of_range_from_the_browser_are_clamped_and_sent_back(widget, monkeypatch):
    echoed = []
    monkeypatch.setattr(widget, "send_state", lambda key=None: echoed.extend([key] if isinstance(key, str) else key))
    widget.set_state({"sample": 99, "timestep": -4, "unit": 2.0, "pinned": [1, "x", 77], "zoom": [30, 2]})
    assert (widget.sample, widget.timestep, widget.unit, widget.pinned) == (4, 0, 2, [1])
    assert widget.zoom == (30, 31)
    assert {"sample", "timestep", "pinned", "zoom"} <= set(echoed)


@pytest.mark.parametrize(
    ("sent", "becomes"),
    [
        ({"range": [5, 99]}, {"range": (5, 31)}),
        ({"range": [7, 2]}, {"range": (7, 8)}),
        ({"range": ["x", 2]}, {"range": None}),
        ({"range": None}, {"range": None}),
        ({"compared": 77}, {"compared": 4}),
        ({"compared": None}, {"compared": None}),
        ({"threshold": 2}, {"threshold": 2.0}),
        ({"threshold": "x"}, {"threshold": 0.5}),
        ({"equation": "f"}, {"equation": "forget_gate"}),
        ({"equation": "zz"}, {"equation": "cell_state"}),
        ({"panel": "nope"}, {"panel": "map"}),
        ({"veiled": 1}, {"veiled": False}),
        ({"sort": "similarity:99"}, {"sort": "change"}),
        ({"pinned": [3, 3, True, 2.5, None, 9]}, {"pinned": [3]}),
    ],
)
def test_what_the_browser_sends_is_made_to_fit(trace, sent, becomes):
    widget = lw.LSTMWidget(trace, threshold=0.5, equation="c", compared=2, range=(1, 2))
    widget.set_state(sent)
    assert {name: getattr(widget, name) for name in becomes} == becomes


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 40)
    | st.sampled_from([10**400, -(10**400), 1e300, "similarity:" + "9" * 5000, "similarity:²", "f", "change"])
    | st.floats()
    | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from([*_SELECTION, "height", "_scene", "_problem", "room"]), JSON, max_size=6))
def test_any_json_from_the_browser_leaves_a_valid_selection(widget, state):
    widget.set_state(state)
    for name in _SELECTION:
        # It may be set again: it is valid. And sent: it is JSON without NaN.
        setattr(widget, name, getattr(widget, name))
    json.dumps(widget.get_state(list(_SELECTION)), allow_nan=False)
    assert (widget._scene["layer"], widget._scene["sample"]) == (widget.layer, widget.sample)
    assert widget._problem == ""
    assert widget.height == 700


def test_the_browser_cannot_replace_code_or_scene(widget):
    esm, scene = widget._esm, dict(widget._scene)
    widget.set_state({"_esm": "alert(1)", "_scene": {}, "_overview": b""})
    assert widget._esm == esm
    assert widget._scene == scene


def test_another_sample_brings_its_scene_and_keeps_the_selection(widget, trace):
    widget.unit, widget.pinned, widget.quantity = 5, [1, 2], "c"
    widget.sample = 4
    assert widget._scene["sample"] == 4
    assert (widget.unit, widget.pinned, widget.quantity) == (5, [1, 2], "cell_state")
    assert widget.zoom == (0, 31), "the whole word was on screen, so the whole new one is"
    values = np.frombuffer(widget._overview, "<f4")[: 6 * 8 * 31].reshape(6, 8, 31)
    np.testing.assert_array_equal(values[4], trace.only.cell_state[4].T)


def two_layers(trace):
    """The example, and a simple layer that is smaller in every way."""
    small = layer_of("simple_rnn", name="small", timesteps=4, units=3)
    return lw.Trace({"small": small, "lstm": trace.only}, inputs=trace.inputs, outputs=trace.outputs)


def test_another_layer_drops_what_it_makes_impossible(trace):
    widget = lw.LSTMWidget(
        two_layers(trace),
        layer="lstm",
        sample=3,
        unit=6,
        timestep=9,
        pinned=[1, 7],
        sort="similarity:6",
        range=(2, 9),
        compared=4,
        equation="f",
        zoom=(2, 20),
        threshold=0.3,
        panel="all",
    )
    widget.layer = "small"
    assert (widget.sample, widget.unit, widget.timestep, widget.pinned) == (0, 2, 3, [1])
    assert (widget.quantity, widget.equation, widget.sort) == ("hidden_state", "", "change")
    assert (widget.range, widget.compared, widget.zoom) == (None, None, (2, 4))
    assert (widget.threshold, widget.panel) == (0.3, "all"), "neither depends on the layer"
    assert (widget._scene["layer"], widget._scene["sample"]) == ("small", 0)


def test_another_layer_keeps_what_it_has_too(trace):
    widget = lw.LSTMWidget(
        two_layers(trace), layer="small", unit=1, sort="similarity:2", range=(1, 3), compared=0, equation="h"
    )
    widget.layer = "lstm"
    assert (widget.unit, widget.sort, widget.range, widget.compared) == (1, "similarity:2", (1, 3), 0)
    assert widget.equation == "hidden_state"
    assert widget._scene["order"][0] == 2


def test_layer_and_sample_may_be_set_at_once(trace):
    widget = lw.LSTMWidget(two_layers(trace), layer="small")
    with widget.hold_trait_notifications():
        widget.layer, widget.sample = "lstm", 4
    assert (widget._scene["layer"], widget._scene["sample"]) == ("lstm", 4)


def test_a_layer_that_cannot_be_shown_leaves_everything_as_it_was(trace, monkeypatch):
    widget = lw.LSTMWidget(two_layers(trace), layer="lstm", sample=3, sort="index")

    def fail(*_):
        raise lw.InputError("no")

    monkeypatch.setattr(Shelf, "scene", fail)
    with pytest.raises(lw.InputError):
        widget.layer = "small"
    assert (widget.layer, widget.sample, widget.sort) == ("lstm", 3, "index")
    widget.set_state({"sample": 2})
    assert (widget.sample, widget._problem) == (3, "no")


def test_python_sees_what_the_user_does(widget):
    seen = []
    widget.observe(lambda change: seen.append((change["name"], change["new"])), ["timestep", "range", "panel"])
    widget.set_state({"timestep": 3, "range": [1, 4], "panel": "all"})
    assert seen == [("timestep", 3), ("panel", "all"), ("range", (1, 4))]
    seen.clear()
    widget.set_state({"timestep": 3})
    assert seen == []


def test_two_linked_widgets_stay_in_step(trace):
    one, other = lw.LSTMWidget(trace), lw.LSTMWidget(trace)
    links = [traitlets.link((one, name), (other, name)) for name in ("timestep", "zoom", "sort", "range")]
    one.set_state({"timestep": 6, "zoom": [1, 9], "sort": "half_life"})
    other.range = (2, 3)
    assert (other.timestep, other.zoom, other.sort, one.range) == (6, (1, 9), "half_life", (2, 3))
    for link in links:
        link.unlink()


@pytest.mark.parametrize("name", _SELECTION)
def test_jslink_takes_every_trait(trace, name):
    one, other = lw.LSTMWidget(trace), lw.LSTMWidget(trace)
    assert name in one.keys
    ipywidgets.jslink((one, name), (other, name))


def test_refresh_is_answered_after_the_new_scene(widget, monkeypatch):
    events = []
    monkeypatch.setattr(Shelf, "refresh", lambda _: events.append("refreshed"))
    monkeypatch.setattr(widget, "send", lambda content, buffers=None: events.append(content["kind"]))
    scene = Shelf.scene
    monkeypatch.setattr(Shelf, "scene", lambda self, *shown: (events.append(shown), scene(self, *shown))[1])
    widget.unit, widget.timestep = 5, 4
    widget._on_message(widget, {"id": "v:1", "kind": "refresh"}, [])
    assert events == ["refreshed", ("lstm", 0, "change"), "refresh"]
    assert (widget.unit, widget.timestep) == (5, 4)


def test_a_refresh_that_fails_is_answered_once(widget, sent, monkeypatch):
    def fail(*_):
        raise lw.ModelError("the model is gone")

    monkeypatch.setattr(Shelf, "refresh", lambda _: None)
    monkeypatch.setattr(Shelf, "scene", fail)
    widget._on_message(widget, {"id": "v:1", "kind": "refresh"}, [])
    assert sent == [({"id": "v:1", "kind": "error", "error": "the model is gone"}, [])]


def test_a_zoom_of_ones_own_stays(widget):
    widget.sample = 4
    widget.zoom = (3, 9)
    widget.sample = 3
    assert widget.zoom == (3, 9)


def test_sorting_by_index_and_by_change(widget, trace):
    total = np.abs(trace.only.cell_state[0] - trace.only.previous("c")[0]).sum(axis=0)
    assert list(widget._scene["order"]) == list(np.argsort(-total, kind="stable"))
    widget.sort = "index"
    assert list(widget._scene["order"]) == list(range(8))


def test_tiles_are_exact(widget, sent, trace):
    widget._on_message(widget, tile(), [])
    ((content, (buffer,)),) = sent
    assert content["kind"] == "tile"
    assert content["id"] == "view:1"
    np.testing.assert_array_equal(np.frombuffer(buffer, "<f4").reshape(2, 6), trace.only.cell_state[1, 3:9, 2:4].T)


def test_thinned_tiles_keep_mean_minimum_and_maximum(widget, sent, trace):
    widget._on_message(widget, tile(start=0, stop=9, stride=4), [])
    ((_, (buffer,)),) = sent
    mean, low, high = np.frombuffer(buffer, "<f4").reshape(3, 2, 3)
    values = trace.only.cell_state[1, :9, 2:4].T.astype(float)
    columns = [values[:, 0:4], values[:, 4:8], values[:, 8:9]]
    np.testing.assert_allclose(mean, np.stack([column.mean(axis=1) for column in columns], axis=1), rtol=1e-6)
    np.testing.assert_array_equal(low, np.stack([column.min(axis=1) for column in columns], axis=1).astype("f4"))
    np.testing.assert_array_equal(high, np.stack([column.max(axis=1) for column in columns], axis=1).astype("f4"))


@pytest.mark.parametrize(
    "message",
    [
        None,
        7,
        "tile",
        {},
        {"id": 3},
        {"id": ""},
        {"id": "x" * 65},
        {"id": "v:1"},
        {"id": "v:1", "kind": "eval"},
        {"id": "v:1", "kind": ["tile"]},
        tile(layer="../etc"),
        tile(layer=None),
        tile(sample=5),
        tile(sample=float("nan")),
        tile(sample=True),
        tile(quantities=[]),
        tile(quantities=["cell_state"] * 7),
        tile(quantities=[["cell_state"]]),
        tile(quantities=["update_gate"]),
        tile(units=[0, 9]),
        tile(units=[]),
        tile(units=[4] * 9),
        tile(units=[-1, 4]),
        tile(units=[True]),
        tile(units=[0.0, 1.0]),
        tile(units="01"),
        tile(start=9, stop=3),
        tile(start=0, stop=10**30),
        tile(stride=0),
        tile(stride=10**9),
        {"id": "v:1", "kind": "labels", "layer": "lstm", "sample": 0, "start": 0, "stop": 99},
        asking("samples", text="", among="all", by="index", start=0, stop=10**9),
        asking("samples", text=3, among="all", by="index", start=0, stop=2),
        asking("samples", text="x" * 257, among="all", by="index", start=0, stop=2),
        asking("samples", text="", among="some", by="index", start=0, stop=2),
        asking("samples", text="", among="all", by=["loss"], start=0, stop=2),
        asking("words", start=0, stop=32),
        asking("find", text="   "),
        asking("find", text=None),
        asking("nearest", sample=5),
        asking("parts", unit=8, start=0, stop=3),
        asking("parts", unit=0, start=3, stop=3),
        asking("saturation", sample=-1),
        asking("matches", quantity="f", start=0, stop=3, threshold=0.5),
        asking("matches", quantity="cell_state", start=0, stop=3, threshold=float("nan")),
        asking("matches", quantity="cell_state", start=0, stop=3, threshold=10**400),
        asking("matches", quantity="cell_state", start=0, stop=3, threshold=None),
        {"id": "ä", "kind": "refresh"},
    ],
)
def test_every_wrong_message_gets_one_error(widget, sent, message):
    widget._on_message(widget, message, [])
    ((content, buffers),) = sent
    assert content["kind"] == "error"
    assert content["error"]
    assert len(content["error"]) < 300
    assert buffers == []


def test_the_overview_of_a_large_layer_stays_within_a_megabyte(large):
    widget = lw.LSTMWidget(large)
    assert len(widget._overview) <= MAX_BYTES
    block = widget._scene["block"]
    assert block["stride"] > 1
    assert block["units"] == widget._scene["order"][:64], "the map's first rows; the others are asked for"


def test_a_tile_of_more_than_a_megabyte_is_refused(large, monkeypatch):
    widget = lw.LSTMWidget(large)
    messages = []
    monkeypatch.setattr(widget, "send", lambda content, buffers=None: messages.append(content))
    widget._on_message(widget, tile(sample=0, units=list(range(256)), start=0, stop=2000), [])
    assert "pieces" in messages[0]["error"]


@pytest.fixture
def large(trace):
    """The example, blown up to 2,000 timesteps of 256 units."""
    layer = trace.only

    def blown_up(array):
        return np.tile(array[:1], (1, 65, 32))[:, :2000]

    bigger = lw.LayerTrace(
        name="lstm",
        cell="lstm",
        direction="forward",
        values={quantity.name: blown_up(layer[quantity.name]) for quantity in layer.quantities},
        mask=None,
        inputs=np.tile(layer.inputs[:1], (1, 65, 1))[:, :2000],
        initial_state={name: np.tile(state[:1], (1, 32)) for name, state in layer.initial_state.items()},
        weights=layer.weights,
        activations=layer.activations,
        reset_after=False,
        readout=None,
        certificate=layer.certificate,
        origin=type(layer.origin)(np.zeros(1, int), 2000),
    )
    return lw.Trace({"lstm": bigger}, inputs=np.zeros((1, 2000, 4), "f4"), outputs=np.zeros((1, 2)))


def test_labels_of_each_kind(trace):
    def seen(**given):
        return lw.LSTMWidget(trace, **given)._shelf.timestep_labels("lstm", 1, 0, 2)

    assert seen() == ["0", "1"]
    assert seen(timestep_labels=[f"day {t}" for t in range(31)]) == ["day 0", "day 1"]
    assert seen(timestep_labels=[[f"{s}-{t}" for t in range(31)] for s in range(5)]) == ["1-0", "1-1"]
    assert seen(timestep_labels=lambda sample: [f"{sample}/{t}" for t in range(31)]) == ["1/0", "1/1"]
    dates = np.datetime64("2024-01-01") + np.arange(31)
    assert seen(timestep_labels=dates) == ["2024-01-01", "2024-01-02"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"timestep_labels": ["a"]}, "1 labels.*31 timesteps"),
        ({"timestep_labels": [["a"] * 31] * 2}, "2 lists.*5 samples"),
        ({"timestep_labels": "word"}, "str"),
        ({"sample_labels": ["a"]}, "1 labels.*5 samples"),
        ({"targets": [1]}, "1 of them.*5 samples"),
        ({"vocabulary": 3}, "int"),
    ],
)
def test_labels_and_targets_that_do_not_fit_are_refused(trace, given, says):
    with pytest.raises(lw.InputError, match=says):
        lw.LSTMWidget(trace, **given)


def test_a_model_without_inputs_and_a_trace_with_them_are_refused(trace):
    with pytest.raises(lw.InputError, match=r"LSTMWidget\(model, inputs\)"):
        lw.LSTMWidget(object())
    with pytest.raises(lw.InputError, match=r"LSTMWidget\(trace\)"):
        lw.LSTMWidget(trace, np.zeros(3))


def updates_of(widget, monkeypatch):
    """Traits that went to the browser, a dict a message."""
    messages = []

    def send(data, buffers):
        if data["method"] == "update":
            messages.append(data["state"] | {path[0]: None for path in data["buffer_paths"]})

    # Without a kernel ipywidgets 7 sends nothing; its trait takes only comms of ipykernel.
    monkeypatch.setitem(widget._trait_values, "comm", SimpleNamespace(kernel=True, send=send))
    return messages


@pytest.fixture
def updates(widget, monkeypatch):
    return updates_of(widget, monkeypatch)


def test_each_message_carries_how_many_there_were(widget, updates):
    before = widget.get_state()["_revision"]
    widget.unit = 3
    widget.sample = 2
    widget.send_state()
    assert [state["_revision"] - before for state in updates] == list(range(1, len(updates) + 1))
    assert updates[0] == {"unit": 3, "_revision": before + 1, "_heard": 0}
    assert set(updates[-1]) == set(widget.keys)
    assert widget.get_state()["_revision"] == before + len(updates)


def test_what_the_browser_did_is_no_news_to_it(widget, updates):
    before = widget.get_state()["_revision"]
    widget.set_state({"unit": 3})
    assert widget.unit == 3
    assert all("_revision" not in state for state in updates)
    widget.set_state({"_revision": 99})
    assert widget.get_state()["_revision"] == before


def test_each_message_says_how_much_of_the_pages_was_read(widget, updates):
    widget.set_state({"sample": 2, "_heard": 1_700_000_000_003})
    assert updates[-1]["_heard"] == 1_700_000_000_003
    # Of another page, which counts from elsewhere.
    widget.set_state({"sample": 1, "_heard": 7})
    assert updates[-1]["_heard"] == 1_700_000_000_003
    # Also where there is no more to say: else what comes from elsewhere, without a count, would look older.
    updates.clear()
    widget.set_state({"unit": 3, "_heard": 1_700_000_000_009})
    assert [state["_heard"] for state in updates] == [1_700_000_000_009]
    assert set(updates[0]) == {"_heard", "_revision"}


@pytest.mark.parametrize("count", [True, "7", None, 7.5, [7], {}, -1, 10**400, float("nan")])
def test_what_is_no_count_is_not_counted(widget, count):
    widget.set_state({"unit": 1, "_heard": count})
    assert (widget.unit, widget.get_state()["_heard"]) == (1, 0)


def test_what_was_chosen_together_is_answered_together(trace, monkeypatch):
    """A layer with fewer units makes another of the one that was selected: not of the one that comes along."""
    widget = lw.LSTMWidget(two_layers(trace), layer="lstm", unit=6)
    updates = updates_of(widget, monkeypatch)
    widget.set_state({"layer": "small", "unit": 1, "timestep": 99})
    assert (widget.layer, widget.unit, widget.timestep) == ("small", 1, 3)
    assert {state["unit"] for state in updates if "unit" in state} <= {1}
    assert {state["timestep"] for state in updates if "timestep" in state} == {3}


@pytest.mark.parametrize(("send", "messages"), [(False, 0), (True, 1)])
def test_a_page_may_ask_whether_it_missed_something(widget, updates, sent, send, messages):
    before = widget.get_state()["_revision"]
    widget._on_message(widget, {"id": "view:1", "kind": "state", "send": send}, [])
    assert len(updates) == messages
    assert all(set(state) == set(widget.keys) for state in updates)
    assert sent == [({"id": "view:1", "kind": "state", "revision": before + messages}, [])]


def test_a_state_that_is_asked_for_oddly_is_not_sent(widget, updates, sent):
    widget._on_message(widget, {"id": "view:1", "kind": "state", "send": "yes"}, [])
    assert updates == []
    assert sent[0][0]["error"] == "state: send='yes' is neither true nor false"
