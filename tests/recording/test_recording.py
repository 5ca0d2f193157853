"""A recording is a sequence, a table, and a labelled array."""

import numpy as np
import pytest
from trainings import PROBE, fit, recorded, set_weight, small_model

import lstm_widget as lw
from lstm_widget.recording import labelled
from lstm_widget.recording import recorder as recorder_module


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
    np.testing.assert_array_equal(tree["log_loss"], [step.logs["loss"] for step in recording])
    assert tree["epoch"].values.tolist() == [0, 1, 2, 3]
    assert recording[1:3].to_xarray()["epoch"].values.tolist() == [1, 2]


def test_labelled_from_disk_and_rounded(tmp_path):
    _, recorder = recorded(path=tmp_path / "run", float16=True, quantities=["f"], weights=False)
    layer = recorder.recording.to_xarray()["lstm"]
    assert list(layer.data_vars) == ["forget_gate"]
    assert layer["forget_gate"].dtype == np.float16
    assert layer.attrs["rounded_to"] == "float16"


def test_a_step_without_a_trace_is_nan(monkeypatch):
    model, recorder = small_model(), lw.GateRecorder(PROBE)
    fit(model, recorder, epochs=1)

    def fails(*args, **options):
        msg = "not proved"
        raise lw.VerificationError(msg)

    monkeypatch.setattr(recorder_module, "captured", fails)
    recorder.on_epoch_end(1, {"loss": 1.0, "late": 2.0})
    tree = recorder.recording.to_xarray()
    assert np.isfinite(tree["lstm"]["forget_gate"][0]).all()
    assert np.isnan(tree["lstm"]["forget_gate"][1]).all()
    np.testing.assert_array_equal(tree["log_late"], [np.nan, 2.0])
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
