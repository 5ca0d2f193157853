"""The weights that the page is given: those of a gate, and how all of a layer are spread along the steps."""

import keras
import numpy as np
import psutil
import pytest
from handmade import layer_of
from small_models import data, randomise, sequential
from trainings import fit, recorded, small_model

import lstm_widget as lw
from lstm_widget import protocol
from lstm_widget.analysis.spread import STATISTICS, spread
from lstm_widget.quantities import BLOCKS
from lstm_widget.serving import shelves as shelves_module
from lstm_widget.serving.answers import answer
from lstm_widget.serving.shelves import Shelves
from lstm_widget.serving.steps import steps_of
from lstm_widget.weights import GateWeights

L = keras.layers

CELLS = {
    "lstm": lambda **options: L.LSTM(4, name="rec", **options),
    "gru": lambda **options: L.GRU(4, name="rec", **options),
    "gru, reset before": lambda **options: L.GRU(4, name="rec", reset_after=False, **options),
    "simple": lambda **options: L.SimpleRNN(4, name="rec", **options),
}


def asked(shelves, kind, **fields):
    content, buffers = answer(shelves, {"id": "v:1", "kind": kind, "layer": "rec", "step": 0, **fields})
    assert content["kind"] == kind, content
    (buffer,) = buffers
    assert len(buffer) <= protocol.MAX_BYTES
    return content, np.frombuffer(buffer, "<f4")


def refused(shelves, kind, **fields):
    content, buffers = answer(shelves, {"id": "v:1", "kind": kind, "layer": "rec", "step": 0, **fields})
    assert (content["kind"], buffers) == ("error", [])
    return content["error"]


def shown(what, inputs=None, **names):
    return Shelves(steps_of(what, inputs), **names)


def traced(*layers):
    return lw.extract(randomise(sequential(*layers)), data(2, 5, 3))


def as_rows(of, units, features=slice(None), sources=slice(None)):
    biases = [bias[units] for bias in (of.input_bias, of.recurrent_bias) if bias is not None]
    return np.vstack([of.kernel[features][:, units], of.recurrent_kernel[sources][:, units], *biases]).T


@pytest.mark.parametrize("use_bias", [True, False])
@pytest.mark.parametrize("cell", CELLS)
def test_each_gate_comes_unit_by_unit(cell, use_bias):
    trace = traced(CELLS[cell](use_bias=use_bias))
    layer, shelves = trace["rec"], shown(trace)
    assert list(layer.weights) == list(BLOCKS[layer.cell])
    for gate, of in layer.weights.items():
        told, numbers = asked(shelves, "weights", gate=gate, units=[3, 0])
        biases = 0 if not use_bias else 2 if cell == "gru" else 1
        assert (told["features"], told["strides"], told["biases"]) == (["x0", "x1", "x2"], (1, 1), biases)
        np.testing.assert_array_equal(numbers.reshape(2, -1), as_rows(of, [3, 0]))


def of_size(features, units):
    """A layer of which only the weights matter."""
    rng = np.random.default_rng(0)
    trace = lw.Trace({"rec": layer_of(name="rec", units=units)}, inputs=np.zeros((1, 4, 1)), outputs=np.zeros((1, 1)))
    layer = trace["rec"]
    layer.inputs = np.zeros((1, 4, features))
    layer.weights = {
        gate: GateWeights(
            rng.normal(size=(features, units)).astype("f4"),
            rng.normal(size=(units, units)).astype("f4"),
            rng.normal(size=units).astype("f4"),
        )
        for gate in BLOCKS["lstm"]
    }
    return trace


def test_of_too_many_features_or_units_every_second_or_third_is_there_from_the_first():
    trace = of_size(3000, 1100)
    told, numbers = asked(shown(trace), "weights", gate="forget_gate", units=list(range(64)))
    assert told["strides"] == (3, 2)
    assert told["features"] == [str(k) for k in range(0, 3000, 3)]
    expected = as_rows(trace["rec"].weights["forget_gate"], list(range(64)), slice(None, None, 3), slice(None, None, 2))
    np.testing.assert_array_equal(numbers.reshape(64, -1), expected)


def test_no_answer_is_larger_than_a_message_may_be():
    trace = of_size(1024, 1024)
    assert "bytes asked for at once" in refused(shown(trace), "weights", gate="forget_gate", units=list(range(1024)))
    assert asked(shown(trace), "weights", gate="forget_gate", units=list(range(64)))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"gate": "cell_state", "units": [0]}, "gate='cell_state' is none of input_gate"),
        ({"gate": None, "units": [0]}, "gate=None"),
        ({"gate": "forget_gate", "units": [4]}, "4 is no integer in 0..3"),
        ({"gate": "forget_gate", "units": []}, "no list of 1 to 4"),
        ({"gate": "forget_gate", "units": [0], "step": 1}, "step=1 is none of the 1"),
        ({"gate": "forget_gate", "units": [0], "layer": "x"}, "no layer 'x'"),
    ],
)
def test_what_is_not_there_is_refused(fields, says):
    assert says in refused(shown(traced(CELLS["lstm"]())), "weights", **fields)


def test_columns_have_the_names_of_the_features():
    trace = traced(CELLS["lstm"]())
    told, _ = asked(shown(trace, feature_names=["load", "wind"]), "weights", gate="forget_gate", units=[0])
    assert told["features"] == ["load", "wind", "2"]


def test_what_is_not_the_models_input_has_numbers():
    trace = traced(L.LSTM(3, return_sequences=True, name="below"), CELLS["lstm"]())
    shelves = shown(trace, feature_names=["load", "wind", "sun"])
    assert asked(shelves, "weights", gate="forget_gate", units=[0])[0]["features"] == ["0", "1", "2"]
    below, _ = asked(shelves, "weights", layer="below", gate="forget_gate", units=[0])
    assert below["features"] == ["load", "wind", "sun"]


def test_of_words_each_part_of_their_embedding_has_a_number():
    model = keras.Sequential([keras.Input((5,), dtype="int32"), L.Embedding(9, 3), CELLS["lstm"]()])
    trace = lw.extract(model, np.arange(10).reshape(2, 5) % 9)
    told, _ = asked(shown(trace, vocabulary=list("abcdefghi")), "weights", gate="forget_gate", units=[0])
    assert told["features"] == ["0", "1", "2"]


def test_a_model_gives_its_weights_without_another_run(monkeypatch):
    model, x = randomise(sequential(CELLS["lstm"]())), data(200, 5, 3)
    shelves = shown(model, x)
    shelves[0].source.refresh()
    shelves[0].source.at("rec", 150)
    monkeypatch.setattr("lstm_widget.extraction.extract", None)
    assert asked(shelves, "drift")[0]["steps"] == [0]
    told, numbers = asked(shelves, "weights", gate="forget_gate", units=[1])
    kernel, recurrent_kernel, bias = lw.gate_weights(model.layers[0])["forget_gate"]
    np.testing.assert_array_equal(numbers, np.concatenate([kernel[:, 1], recurrent_kernel[:, 1], bias[1:2]]))
    assert told["features"] == ["x0", "x1", "x2"]


# --- along the steps --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def recording():
    return recorded(epochs=4)[1].recording


def test_the_spread_of_each_gate_is_told_step_by_step(recording):
    told, numbers = asked(shown(recording), "drift", layer="lstm", step=3)
    assert (told["steps"], told["gates"]) == ([0, 1, 2, 3], list(BLOCKS["lstm"]))
    found = numbers.reshape(4, 3, 6, 4)
    for step in range(4):
        for g, gate in enumerate(BLOCKS["lstm"]):
            of = recording[step].weights["lstm"][gate]
            for part, weights in enumerate((of.kernel, of.recurrent_kernel, of.bias)):
                expected = [np.sqrt((weights.astype(float) ** 2).sum()), np.median(weights), weights.min()]
                expected += [weights.max(), *np.percentile(weights, (25, 75))]
                np.testing.assert_allclose(found[g, part, :, step], expected, rtol=1e-5, atol=1e-7)


def test_a_forget_gates_bias_that_drifts_is_seen_to(recording):
    _, numbers = asked(shown(recording), "drift", layer="lstm", step=3)
    median = numbers.reshape(4, 3, 6, 4)[1, 2, STATISTICS.index("median")]
    assert median[0] != median[3]
    np.testing.assert_allclose(median[3], np.median(recording[3].weights["lstm"]["forget_gate"].bias), rtol=1e-6)


def test_steps_after_the_one_that_was_named_are_left_out(recording):
    assert asked(shown(recording), "drift", layer="lstm", step=1)[0]["steps"] == [0, 1]


def test_of_many_steps_some_are_looked_at(monkeypatch):
    recorder = lw.GateRecorder(data(2, 5, 3), every=1)
    fit(small_model(), recorder, epochs=40, batch_size=6)
    recording = recorder.recording
    assert len(recording) == 80
    told, numbers = asked(shown(recording), "drift", layer="lstm", step=79)
    assert len(told["steps"]) == 64
    assert (told["steps"][0], told["steps"][-1]) == (0, 79)
    assert np.isfinite(numbers).all()
    # Of large weights fewer: never more numbers than may be read at once.
    monkeypatch.setattr(protocol, "MAX_READ", 10 * 4 * (3 * 4 + 4 * 4))
    assert len(asked(shown(recording), "drift", layer="lstm", step=79)[0]["steps"]) == 10


def test_steps_on_disk_are_not_all_held_open(tmp_path):
    recorder = lw.GateRecorder(data(2, 5, 3), every=1, path=tmp_path / "run")
    fit(small_model(), recorder, epochs=20, batch_size=6)
    shelves = shown(lw.Recording.load(tmp_path / "run"))
    before = psutil.Process().num_fds()
    most = []
    spread_of = shelves_module.spread

    def counting(weights):
        most.append(psutil.Process().num_fds())
        return spread_of(weights)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shelves_module, "spread", counting)
        assert len(asked(shelves, "drift", layer="lstm", step=39)[0]["steps"]) == 40
    assert max(most) - before < 400


def test_weights_that_were_not_kept_are_said_to_be_missing():
    recording = recorded(weights=False)[1].recording
    shelves = shown(recording)
    for kind, fields in (("weights", {"gate": "forget_gate", "units": [0]}), ("drift", {})):
        says = refused(shelves, kind, layer="lstm", **fields)
        assert "The weights of lstm were not kept" in says
        assert "weights=True" in says


def test_a_step_that_is_not_proved_leaves_a_gap(monkeypatch, recording):
    shelves = shown(recording)
    gap = shelves[2]
    monkeypatch.setattr(gap.source.any("lstm")[1], "weights", {})
    found = asked(shelves, "drift", layer="lstm", step=3)[1].reshape(4, 3, 6, 4)
    assert np.isnan(found[..., 2]).all()
    assert np.isfinite(found[..., [0, 1, 3]]).all()
    assert "at this step" in refused(shelves, "weights", layer="lstm", step=2, gate="forget_gate", units=[0])


def test_two_traces_are_two_steps():
    traces = {"before": traced(CELLS["gru"]()), "after": traced(CELLS["gru"]())}
    told, numbers = asked(shown(traces), "drift", step=1)
    assert told["steps"] == [0, 1]
    assert numbers.size == 3 * 3 * 6 * 2


def test_a_layer_without_bias_has_none_to_be_spread():
    trace = traced(CELLS["simple"](use_bias=False))
    found = spread(trace["rec"].weights["hidden_state"])
    assert found[2, 0] == 0
    assert np.isnan(found[2, 1:]).all()
    assert np.isfinite(found[:2]).all()
    assert asked(shown(trace), "drift")[0]["gates"] == ["hidden_state"]


def test_both_biases_of_a_gru_count():
    of = GateWeights(np.zeros((1, 2)), np.zeros((2, 2)), np.array([[1.0, 1.0], [-5.0, 3.0]]))
    assert spread(of)[2].tolist() == [6, 1, -5, 3, -0.5, 1.5]


def test_weights_that_are_none_have_no_spread():
    of = GateWeights(np.array([[np.nan, 1.0]]), np.ones((2, 2)), np.ones(2))
    found = spread(of)
    assert np.isnan(found[0]).all()
    assert np.isfinite(found[1:]).all()


def test_quartiles_of_large_weights_are_those_of_all_units_alike():
    # Each unit has weights of its own; every 256th number would be one unit's.
    kernel = np.repeat(np.linspace(-1, 1, 256)[None], 1024, axis=0)
    found = dict(zip(STATISTICS, spread(GateWeights(kernel, np.zeros((256, 256))))[0], strict=True))
    assert found["lower quartile"] == pytest.approx(-0.5, abs=0.01)
    assert found["upper quartile"] == pytest.approx(0.5, abs=0.01)
    assert (found["minimum"], found["maximum"]) == (-1, 1)


def test_the_panel_can_be_asked_for_from_python(recording):
    widget = lw.LSTMWidget(recording, panel="weights")
    assert widget.panel == "weights"
