"""A trace that fills memory has no room beside it: what is shown of it must cost a small part of it."""

import tracemalloc

import numpy as np
import pytest
from handmade import layer_of

import lstm_widget as lw
from lstm_widget.analysis import change
from lstm_widget.analysis.ordering import ORDERS
from lstm_widget.layer_trace import LayerTrace
from lstm_widget.protocol import MAX_BYTES
from lstm_widget.serving.answers import answer, numbers

TIMESTEPS, UNITS = 100_000, 128
SPIKE = 77_777


@pytest.fixture(scope="module")
def trace():
    """Six quantities, 300 MB of them; unit 100 does one thing once."""
    small = layer_of(timesteps=1, units=UNITS)
    values = {q.name: np.zeros((1, TIMESTEPS, UNITS), "f4") for q in small.quantities}
    values["cell_state"][0, SPIKE, 100] = 0.9
    given = {name: getattr(small, name) for name in KEPT}
    layer = LayerTrace(**{**given, "values": values, "inputs": np.zeros((1, TIMESTEPS, 1))})
    return lw.Trace({"layer": layer}, inputs=layer.inputs, outputs=np.zeros((1, 1)))


KEPT = (
    "name", "cell", "direction", "mask", "initial_state", "weights", "activations", "reset_after", "readout",
    "certificate", "origin",
)  # fmt: skip


def bytes_of(trace):
    return sum(trace.only[quantity.name].nbytes for quantity in trace.only.quantities)


@pytest.fixture
def widget(trace):
    return lw.LSTMWidget(trace)


@pytest.mark.parametrize("sort", [*ORDERS, "similarity:3"])
def test_opening_takes_a_small_part_of_the_trace(trace, sort):
    tracemalloc.start()
    try:
        widget = lw.LSTMWidget(trace, sort=sort)
        widget.figure()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 0.2 * bytes_of(trace)
    assert len(widget._overview) <= MAX_BYTES


def test_opening_goes_through_its_memory_once(monkeypatch):
    layer, steps = layer_of(timesteps=50, units=4), []
    whole = lw.Trace({"layer": layer}, inputs=layer.inputs, outputs=np.zeros((1, 1)))
    once = change.change

    def counting(layer, sample, timesteps=slice(None), units=slice(None)):
        steps.append(units)
        return once(layer, sample, timesteps, units)

    monkeypatch.setattr(change, "change", counting)
    lw.LSTMWidget(whole)
    assert steps.count(slice(None)) == 1


def test_one_spike_among_a_hundred_thousand_steps_is_where_one_looks_first(widget):
    assert (widget.unit, widget.timestep) == (100, SPIKE)
    assert widget._scene["order"][0] == 100
    block = widget._scene["block"]
    columns = -(-TIMESTEPS // block["stride"])
    shape = (3, len(block["quantities"]), len(block["units"]), columns)
    maxima = np.frombuffer(widget._overview, "<f4", np.prod(shape)).reshape(shape)[2]
    at = maxima[block["quantities"].index("cell_state"), block["units"].index(100)]
    assert np.flatnonzero(at == np.float32(0.9)) == [SPIKE // block["stride"]]


def test_units_come_in_the_order_in_which_they_are_asked_for(widget):
    asked = {
        "id": "v:1",
        "kind": "tile",
        "layer": "layer",
        "sample": 0,
        "step": 0,
        "quantities": ["cell_state"],
        "units": [3, 100, 7],
    }
    content, (buffer,) = answer(widget._shelves, {**asked, "start": SPIKE - 1, "stop": SPIKE + 1, "stride": 1})
    assert content["block"]["units"] == [3, 100, 7]
    np.testing.assert_array_equal(np.frombuffer(buffer, "<f4"), np.array([0, 0, 0, 0.9, 0, 0], "f4"))


def test_a_small_answer_that_takes_much_reading_is_refused(widget, monkeypatch):
    asked = {"id": "v:1", "kind": "tile", "layer": "layer", "sample": 0, "step": 0, "quantities": ["cell_state"]}
    asked |= {"units": list(range(UNITS)), "start": 0, "stop": TIMESTEPS, "stride": TIMESTEPS}
    assert answer(widget._shelves, asked)[0]["kind"] == "tile"
    monkeypatch.setattr(numbers, "MAX_READ", UNITS * TIMESTEPS - 1)
    content, buffers = answer(widget._shelves, asked)
    assert "ask for fewer units" in content["error"]
    assert not buffers
