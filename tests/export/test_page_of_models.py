"""Pages of real models: cells, masks, directions, and rows that become several samples or one stream."""

import base64
import json

import keras
import numpy as np
import pytest
from small_models import data, randomise, sequential

import lstm_widget as lw
from lstm_widget.analysis.parts import parts
from lstm_widget.cutting import cut
from lstm_widget.export.page.embed import embed
from lstm_widget.quantities import BLOCKS, STATES
from lstm_widget.serving.shelf import Shelf
from lstm_widget.serving.source import TraceSource
from lstm_widget.serving.told import Told

L = keras.layers

CELLS = {
    "lstm": lambda: L.LSTM(4),
    "lstm without bias": lambda: L.LSTM(4, use_bias=False),
    "gru": lambda: L.GRU(4),
    "gru, reset before": lambda: L.GRU(4, reset_after=False),
    "simple": lambda: L.SimpleRNN(4),
    "both ways": lambda: L.Bidirectional(L.GRU(4)),
}


def numbers(text, *shape):
    return np.frombuffer(base64.b64decode(text), "<f4").reshape(shape)


def carried(trace):
    return json.loads(json.dumps(embed(Shelf(TraceSource(trace), Told()), {}, 700, {"start": 0, "samples": {}})))[
        "layers"
    ]


@pytest.mark.parametrize("kind", CELLS)
def test_the_parts_of_every_gate_travel_exactly(kind):
    x = data(3, 7, 3)
    x[1, 4:] = 0
    trace = lw.extract(randomise(sequential(L.Masking(), CELLS[kind](), shape=(7, 3))), x)
    for name, layer in carried(trace).items():
        lt, gates, states = trace[name], BLOCKS[trace[name].cell], STATES[trace[name].cell]
        for sample, scene in enumerate(layer["scenes"]):
            blocks = numbers(scene["parts"], 2 * len(gates) + len(states), lt.units, lt.timesteps)
            bias = numbers(scene["bias"], len(gates), lt.units)
            for unit in range(lt.units):
                found = parts(lt, sample, unit, 0, lt.timesteps)
                for k, gate in enumerate(gates):
                    np.testing.assert_array_equal(blocks[2 * k, unit], found.by_input[gate].astype("f4"))
                    np.testing.assert_array_equal(blocks[2 * k + 1, unit], found.by_recurrence[gate].astype("f4"))
                    known = found.bias[gate][~np.isnan(found.bias[gate])]
                    assert (known.astype("f4") == bias[k, unit]).all()
                for k, state in enumerate(states):
                    np.testing.assert_array_equal(blocks[2 * len(gates) + k, unit], found.previous[state].astype("f4"))


@pytest.mark.parametrize("backward", [False, True])
def test_a_part_in_time_obeys_the_same_equations(backward):
    model = randomise(sequential(L.GRU(4, go_backwards=backward), shape=(9, 3)))
    trace = lw.extract(model, data(3, 9, 3))
    part = cut(trace, [2, 0], (3, 8)).only
    for state in STATES["gru"]:
        np.testing.assert_array_equal(part.previous(state), trace.only.previous(state)[[2, 0], 3:8])
    np.testing.assert_allclose(part.preactivation("z"), trace.only.preactivation("z")[[2, 0], 3:8], atol=1e-6)


def test_rows_of_a_time_distributed_layer_bring_all_their_samples():
    model = randomise(keras.Sequential([keras.Input((2, 5, 3)), L.TimeDistributed(L.LSTM(4))]))
    trace = lw.extract(model, data(3, 2, 5, 3))
    part = cut(trace, [2, 0])
    np.testing.assert_array_equal(part.only.cell_state, trace.only.cell_state[[4, 5, 0, 1]])
    np.testing.assert_array_equal(part.inputs, trace.inputs[[2, 0]])
    for sample in range(4):
        for t in range(5):
            np.testing.assert_array_equal(part.only.inputs[sample, t], part.inputs[part.only.origin.index(sample, t)])
    with pytest.raises(lw.InputError, match="leave it out"):
        cut(trace, [0], (0, 2))


def test_a_lane_of_a_stateful_model_brings_its_whole_stream():
    model = randomise(keras.Sequential([keras.Input(batch_shape=(2, 4, 3)), L.LSTM(4, stateful=True)]))
    trace = lw.extract(model, data(6, 4, 3))
    part = cut(trace, [1])
    assert part.only.timesteps == 12
    for t in range(12):
        np.testing.assert_array_equal(part.only.inputs[0, t], part.inputs[part.only.origin.index(0, t)])
    assert len(carried(part)["lstm" if "lstm" in part else next(iter(part))]["scenes"]) == 1


def test_a_widget_on_a_model_extracts_what_the_page_needs(tmp_path):
    model, x = randomise(sequential(L.LSTM(4, name="lstm"), L.Dense(2, activation="softmax"))), data(40, 5, 3)
    widget = lw.LSTMWidget(model, x, targets=np.arange(40) % 2, sample=30)
    widget.save_html(tmp_path / "page.html", samples=[7, 30])
    page = (tmp_path / "page.html").read_text("utf-8")
    data_ = json.loads(page.split('id="lw-data">')[1].split("</script>")[0])
    assert data_["selection"]["sample"] == 1
    assert [line["label"] for line in data_["layers"]["lstm"]["lines"]] == ["sample 7", "sample 30"]
    assert [line["target"] for line in data_["layers"]["lstm"]["lines"]] == ["class 1", "class 0"]
    expected = lw.extract(model, x, samples=[30]).only
    values = numbers(data_["layers"]["lstm"]["scenes"][1]["values"], 6, 4, 5)
    np.testing.assert_allclose(values[4], expected.cell_state[0].T, atol=1e-6)
