"""A recording on disk: the same as in memory, readable while it is written and after whatever stopped it."""

import subprocess
import sys
from pathlib import Path

import keras
import pytest
from trainings import PROBE, assert_same_step, fit, recorded, small_model

import lstm_widget as lw
from lstm_widget.recording import on_disk


@pytest.fixture
def path(tmp_path):
    return tmp_path / "runs" / "first"


def test_what_is_streamed_is_what_would_be_kept(path):
    keras.utils.set_random_seed(3)
    _, in_memory = recorded()
    keras.utils.set_random_seed(3)
    recorded(path=path)
    loaded = lw.Recording.load(path)
    assert len(loaded) == 3
    for one, other in zip(in_memory.recording, loaded, strict=True):
        assert_same_step(one, other)
        assert other.trace["lstm"].certificate.loaded


def test_each_step_is_a_saved_trace(path):
    recorded(path=path)
    assert lw.Trace.load(path / "step-00000001").only.name == "lstm"


def test_saved_and_loaded(path):
    _, recorder = recorded()
    recorder.recording[::2].save(path)
    loaded = lw.Recording.load(path)
    assert [step.epoch for step in loaded] == [0, 2]
    for one, other in zip(recorder.recording[::2], loaded, strict=True):
        assert_same_step(one, other)
    assert [entry.name for entry in path.parent.iterdir()] == ["first"]


def test_loaded_while_it_is_written(path):
    lengths = []

    def look(epoch, logs):
        len(recorder.recording)  # waits for the step that is being written
        loaded = lw.Recording.load(path)
        lengths.append((len(loaded), loaded[-1].trace["lstm"].samples))

    recorder = lw.GateRecorder(PROBE, path=path)
    assert len(recorder.recording) == 0
    fit(small_model(), recorder, keras.callbacks.LambdaCallback(on_epoch_end=look))
    assert lengths == [(1, 2), (2, 2), (3, 2)]


def test_a_loaded_recording_grows_and_a_slice_does_not(path):
    model, recorder = recorded(path=path, epochs=2)
    loaded = lw.Recording.load(path)
    some = loaded[:]
    fit(model, recorder, epochs=2)
    assert (len(loaded), len(some)) == (4, 2)


def test_ctrl_c_in_the_middle_of_a_step(path, monkeypatch):
    """Every finished step is there, and nothing of the unfinished one."""
    save, calls = lw.Trace.save, []

    def interrupted(trace, target):
        save(trace, target)
        calls.append(target)
        if len(calls) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(lw.Trace, "save", interrupted)
    with pytest.raises(KeyboardInterrupt):
        recorded(path=path, epochs=5)
    assert [step.epoch for step in lw.Recording.load(path)] == [0, 1]
    assert sorted(entry.name for entry in path.iterdir()) == ["recording.json", "step-00000000", "step-00000001"]


@pytest.mark.slow
def test_a_kernel_that_dies_in_the_middle_of_a_step(path):
    """Killed outright: no clean-up code runs."""
    program = f"""
import os, sys
sys.path.insert(0, {str(Path(__file__).parents[1])!r})
import lstm_widget as lw
from trainings import recorded
save, calls = lw.Trace.save, []
def dies(trace, target):
    save(trace, target)
    calls.append(target)
    if len(calls) == 3:
        os._exit(7)
lw.Trace.save = dies
recorded(path={str(path)!r}, epochs=5)
"""
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, check=False).returncode == 7  # noqa: S603
    assert (path / "step-00000002.part").is_dir()
    loaded = lw.Recording.load(path)
    assert [step.epoch for step in loaded] == [0, 1]
    assert loaded[1].trace["lstm"].samples == 2


def test_a_step_that_was_thinned_out_meanwhile(path):
    recorded(path=path)
    loaded = lw.Recording.load(path)[:]
    on_disk.StepsOnDisk(path).drop(1)
    with pytest.raises(lw.StorageError, match="is gone; a recorder with max_steps"):
        loaded[1]


def test_an_earlier_recording_is_not_overwritten(path):
    recorded(path=path)
    with pytest.raises(lw.StorageError, match=r"holds a recording; nothing was overwritten.*shutil\.rmtree"):
        recorded(path=path, epochs=1)
    with pytest.raises(lw.StorageError, match="exists; nothing was overwritten"):
        lw.Recording.load(path).save(path)
    assert len(lw.Recording.load(path)) == 3


def test_other_peoples_folders_are_left_alone(path):
    path.mkdir(parents=True)
    (path / "thesis.txt").write_text("four years")
    with pytest.raises(lw.StorageError, match="exists and is not empty"):
        recorded(path=path)
    assert [entry.name for entry in path.iterdir()] == ["thesis.txt"]


def test_what_is_no_recording(path):
    with pytest.raises(lw.StorageError, match="is not a recording"):
        lw.Recording.load(path)
    path.mkdir(parents=True)
    (path / "recording.json").write_text('{"format": "lstm_widget recording 99"}')
    with pytest.raises(lw.StorageError, match=r"this version can read.*99"):
        lw.Recording.load(path)


@pytest.mark.parametrize(
    "damage", ["", "[]", "{}", '{"fit": 0, "epoch": null, "batch": null, "logs": {}, "marks": []}']
)
def test_a_damaged_step(path, damage):
    recorded(path=path)
    (path / "step-00000001" / "step.json").write_text(damage)
    with pytest.raises(lw.StorageError, match="step-00000001 is not a step"):
        lw.Recording.load(path)[1]
