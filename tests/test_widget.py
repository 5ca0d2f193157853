"""LSTMWidget in the kernel: what is selected, what is refused, what is sent. Runs with old and new anywidget alike."""

import numpy as np
import pytest
import traitlets

import lstm_widget as lw
from lstm_widget.protocol import MAX_BYTES


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
        "quantities": ["cell_state"],
        "units": [2, 4],
        "start": 3,
        "stop": 9,
        "stride": 1,
    }
    return {**request, **changes}


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
        "sort": "index",
        "height": 500,
    }
    widget = lw.LSTMWidget(trace, **given)
    assert {name: getattr(widget, name) for name in given} == given


def test_quantity_may_be_a_symbol(widget):
    widget.quantity = "o"
    assert widget.quantity == "output_gate"


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
        ("sort", "size", "change"),
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


@pytest.mark.parametrize("junk", [None, "x", [], {}, float("nan"), 1e300, True, [[1]]])
@pytest.mark.parametrize("name", ["layer", "sample", "timestep", "unit", "pinned", "quantity", "zoom", "sort"])
def test_junk_from_the_browser_leaves_a_valid_selection(widget, name, junk):
    widget.set_state({name: junk})
    # Each value may be set again: it is valid.
    for trait in ("layer", "sample", "sort", "timestep", "unit", "pinned", "quantity", "zoom"):
        setattr(widget, trait, getattr(widget, trait))


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
        tile(units=[4, 4]),
        tile(units=[-1, 4]),
        tile(units=[0.0, 1.0]),
        tile(units="01"),
        tile(start=9, stop=3),
        tile(start=0, stop=10**30),
        tile(stride=0),
        tile(stride=10**9),
        {"id": "v:1", "kind": "labels", "layer": "lstm", "sample": 0, "start": 0, "stop": 99},
        {"id": "v:1", "kind": "samples", "start": 0, "stop": 10**9},
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
    assert tuple(block["units"]) == (0, large.only.units), "time is thinned, units never"


def test_a_tile_of_more_than_a_megabyte_is_refused(large, monkeypatch):
    widget = lw.LSTMWidget(large)
    messages = []
    monkeypatch.setattr(widget, "send", lambda content, buffers=None: messages.append(content))
    widget._on_message(widget, tile(sample=0, units=[0, 256], start=0, stop=2000), [])
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
