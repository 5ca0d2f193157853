"""A recording is a sequence, a table, and a labelled array."""

import sys

import keras
import numpy as np
import pytest
from small_models import sequential
from trainings import PROBE, at_each_step, fit, recorded, set_weight, small_model

import lstm_widget as lw
from lstm_widget.recording import labelled

L = keras.layers


@pytest.fixture(scope="module")
def recording():
    return recorded(epochs=4)[1].recording


def test_a_sequence(recording):
    assert len(recording) == 4
    assert [step.epoch for step in recording] == [0, 1, 2, 3]
    assert recording[-1].epoch == 3
    assert [step.epoch for step in reversed(recording)] == [3, 2, 1, 0]
    assert [step.epoch for step in recording[1:][::2]] == [1, 3]
    assert recording[:0][:] is not recording
    with pytest.raises(IndexError, match="step 4 of a recording that has 4 so far"):
        recording[4]


def test_a_table(recording):
    headline, head, *rows = repr(recording).split("\n")
    assert headline == "Recording of 4 steps"
    assert head.split() == ["step", "fit", "epoch", "batch", "loss", "marks"]
    assert [row.split()[:4] for row in rows] == [[str(k), "0", str(k), "end"] for k in range(4)]
    assert [float(row.split()[4]) for row in rows] == pytest.approx([s.logs["loss"] for s in recording], rel=1e-3)
    assert recording._repr_html_().count("<tr>") == 5
    assert repr(recording[:0]) == "Recording of 0 steps\nstep  fit  epoch  batch  marks"


def test_a_long_table_shows_its_ends():
    _, recorder = recorded(epochs=30)
    _, _, *rows = repr(recorder.recording).split("\n")
    assert [row.split()[0] for row in rows] == [*"01234", "...", "25", "26", "27", "28", "29"]


def test_labelled(recording):
    tree = recording.to_xarray()
    layer = tree["lstm"]
    assert layer["forget_gate"].dims == ("step", "sample", "timestep", "unit")
    assert layer["forget_gate_recurrent_kernel"].dims == ("step", "from_unit", "unit")
    assert layer.attrs["cell"] == "lstm"
    for k, step in enumerate(recording):
        np.testing.assert_array_equal(layer["cell_state"][k], step.trace["lstm"]["c"])
        np.testing.assert_array_equal(layer["input_gate_bias"][k], step.weights["lstm"]["input_gate"].bias)
    np.testing.assert_array_equal(tree["logs"]["loss"], [step.logs["loss"] for step in recording])
    assert list(tree["logs"].data_vars) == ["loss"]
    for node in (tree, tree["logs"], layer):
        assert node["step"].values.tolist() == node["epoch"].values.tolist() == [0, 1, 2, 3]
    later = recording[1::2].to_xarray()["lstm"]
    assert later["epoch"].values.tolist() == [1, 3]
    np.testing.assert_array_equal(later["forget_gate"].sel(step=3), recording[3].trace["lstm"]["f"])


def test_labelled_like_a_trace():
    """Whoever knows the one layout knows the other."""
    model = sequential(L.Masking(), L.GRU(3, return_sequences=True, name="first"), L.LSTM(2, name="second"), L.Dense(1))
    model.compile("sgd", "mse")
    probe = PROBE.copy()
    probe[0, 3:] = 0
    recorder = lw.GateRecorder(probe)
    fit(model, recorder, epochs=2)
    tree, last = recorder.recording.to_xarray(), recorder.recording[1].trace
    for name, node in last.to_xarray().children.items():
        step = tree[name].to_dataset().sel(step=1)
        assert set(node.coords) <= set(step.coords)
        for key, values in node.data_vars.items():
            assert step[key].dims == values.dims
            assert step[key].attrs == values.attrs
            np.testing.assert_array_equal(step[key], values)
    assert not tree["first"]["mask"].sel(step=1, sample=0, timestep=4)
    bias = tree["first"]["reset_gate_bias"]
    assert bias.dims == ("step", "part", "unit")
    np.testing.assert_array_equal(
        bias.sel(step=1, part="recurrent"), last["first"].weights["reset_gate"].recurrent_bias
    )


def test_labelled_logs_of_any_name():
    model, recorder = small_model(), lw.GateRecorder(PROBE)
    fit(model, recorder, epochs=1)
    recorder.on_epoch_end(1, {"loss": 1.0, "step": 2.0, "val/f1": 3.0})
    logs = recorder.recording.to_xarray()["logs"]
    assert [log.attrs["long_name"] for log in logs.data_vars.values()] == ["loss", "step", "val/f1"]
    assert (logs["logged_step"].values[1], logs["val_f1"].values[1]) == (2, 3)


def test_a_layer_called_as_the_logs_hides_nothing():
    model = sequential(L.LSTM(2, name="logs"), L.Dense(1))
    model.compile("sgd", "mse")
    recorder = lw.GateRecorder(PROBE)
    fit(model, recorder, epochs=1)
    with pytest.raises(lw.RecordingError, match="called 'logs'"):
        recorder.recording.to_xarray()


def test_without_xarray_the_error_says_what_to_type(recording, monkeypatch):
    monkeypatch.setitem(sys.modules, "xarray", None)
    with pytest.raises(lw.MissingPackageError, match=r"pip install 'lstm-widget\[tables\]'"):
        recording.to_xarray()


def test_labelled_from_disk_and_rounded(tmp_path):
    _, recorder = recorded(path=tmp_path / "run", float16=True, quantities=["f"], weights=False)
    layer = recorder.recording.to_xarray()["lstm"]
    assert list(layer.data_vars) == ["forget_gate"]
    assert layer["forget_gate"].dtype == np.float16
    assert layer.attrs["rounded_to"] == "float16"


def test_a_step_without_a_trace_is_nan(monkeypatch):
    model, recorder = small_model(), lw.GateRecorder(PROBE)
    fit(model, recorder, epochs=1)

    def fails(take):
        msg = "not proved"
        raise lw.VerificationError(msg)

    at_each_step(monkeypatch, fails)
    recorder.on_epoch_end(1, {"loss": 1.0, "late": 2.0})
    tree = recorder.recording.to_xarray()
    assert np.isfinite(tree["lstm"]["forget_gate"][0]).all()
    assert np.isnan(tree["lstm"]["forget_gate"][1]).all()
    np.testing.assert_array_equal(tree["logs"]["late"], [np.nan, 2.0])
    assert tree["marks"].values.tolist() == ["", "VerificationError: not proved"]
    with pytest.raises(lw.RecordingError, match="none of the 1 steps has a trace"):
        recorder.recording[1:].to_xarray()


def test_what_would_not_fit_into_memory_is_refused(recording, monkeypatch):
    monkeypatch.setattr(labelled, "free_bytes", lambda: 2000)
    with pytest.raises(lw.TraceTooLargeError, match=r"recording\[::\d+\]\.to_xarray"):
        recording.to_xarray()


def test_steps_are_copies_of_the_weights(recording):
    """Training goes on in the same memory; no step may."""
    model, recorder = recorded()
    before = recorder.recording[0].weights["lstm"]["forget_gate"].kernel.copy()
    set_weight(model, 5.0)
    fit(model, recorder)
    np.testing.assert_array_equal(recorder.recording[0].weights["lstm"]["forget_gate"].kernel, before)
