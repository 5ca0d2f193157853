"""What goes wrong with a recording goes wrong before the training, or without it."""

import errno

import keras
import numpy as np
import pytest
import tensorflow as tf
from small_models import data, sequential
from trainings import PROBE, L, at_each_step, fit, recorded, set_weight, small_model

import lstm_widget as lw


def assert_refused_untrained(model, recorder, error, match, **options):
    before = model.get_weights()
    with pytest.raises(error, match=match):
        fit(model, recorder, **options)
    for one, other in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert len(recorder.recording) == 0


@pytest.mark.parametrize(
    ("probe", "words"),
    [
        (data(2, 5, 7), r"shape \(2, 5, 7\); it takes \(None, 5, 3\)"),
        (data(0, 5, 3), "no rows"),
        ("words", "single value"),
    ],
)
def test_a_probe_that_does_not_fit(probe, words, tmp_path):
    recorder = lw.GateRecorder(probe, path=tmp_path / "run")
    assert_refused_untrained(small_model(), recorder, lw.InputError, words)
    assert not (tmp_path / "run").exists()


def test_a_layer_that_is_not_there():
    recorder = lw.GateRecorder(PROBE, layers=["encoder"])
    assert_refused_untrained(small_model(), recorder, lw.LayerNotFoundError, "'encoder'")


def test_a_model_that_only_fit_would_build():
    """The probe cannot be tried on it before the training; to build it here would be to meddle."""
    model = keras.Sequential([L.LSTM(4, name="lstm"), L.Dense(1)], name="unbuilt")
    model.compile("sgd", "mse")
    recorder = lw.GateRecorder(PROBE)
    with pytest.raises(lw.RecordingError, match=r"'unbuilt' has no weights .*keras\.Input.*model\(probe_inputs\)"):
        fit(model, recorder)
    assert not model.built
    model(PROBE)
    fit(model, recorder)
    assert len(recorder.recording) == 3


def at_epoch(number, do):
    return keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: do() if epoch == number else None)


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("where", ["memory", "disk"])
def test_weights_and_a_loss_that_are_no_numbers_mark_the_step(value, where, tmp_path):
    model = small_model()
    recorder = lw.GateRecorder(PROBE, path=tmp_path / "run" if where == "disk" else None)
    fit(model, at_epoch(1, lambda: set_weight(model, value)), recorder)
    first, second, third = recorder.recording
    assert first.marks == ()
    for step in (second, third):
        assert step.marks == ("loss is nan", "weights of 'lstm' are NaN or infinite")
        assert np.isnan(step.logs["loss"])
        assert not np.isfinite(step.trace["lstm"]["h"]).all()
    assert "loss is nan; weights" in repr(recorder.recording)


@pytest.mark.parametrize("late", [False, True], ids=["while the model runs", "when it is proved"])
@pytest.mark.parametrize("where", ["memory", "disk"])
def test_numbers_that_cannot_be_proved_mark_the_step(where, late, tmp_path, monkeypatch):
    calls = []

    def fails():
        msg = "layer 'lstm': forget_gate is 1 by our equations"
        raise lw.VerificationError(msg)

    def fails_once(take):
        calls.append(take)
        proved = take()
        if len(calls) != 2:
            return proved
        return fails if late else fails()

    at_each_step(monkeypatch, fails_once)
    _, recorder = recorded(path=tmp_path / "run" if where == "disk" else None)
    assert [len(step.marks) for step in recorder.recording] == [0, 1, 0]
    step = recorder.recording[1]
    assert np.isfinite(step.logs["loss"])
    for ask in (lambda: step.trace, lambda: step.weights, lambda: step.outputs):
        with pytest.raises(lw.RecordingError, match="no trace of epoch 1: VerificationError: layer 'lstm'"):
            ask()


def test_a_full_disk(tmp_path, monkeypatch):
    """One warning, training goes on, what was recorded is there; and the next fit tries again."""
    save, full = np.save, []

    def on_a_full_disk(file, *args, **options):
        if full:
            raise OSError(errno.ENOSPC, "No space left on device")
        save(file, *args, **options)

    monkeypatch.setattr(np, "save", on_a_full_disk)
    model, recorder = small_model(), lw.GateRecorder(PROBE, path=tmp_path / "run")
    with pytest.warns(RuntimeWarning) as warned:
        history = fit(model, at_epoch(2, lambda: full.append(len(recorder.recording))), recorder, epochs=5).history
    assert len(history["loss"]) == 5
    (warning,) = (w for w in warned if "recording stopped" in str(w.message))
    assert "in epoch 2, training goes on: OSError" in str(warning.message)
    loaded = lw.Recording.load(tmp_path / "run")
    assert [step.epoch for step in loaded] == [0, 1]
    assert loaded[1].trace["lstm"].samples == 2
    assert not list((tmp_path / "run").glob("*.part"))

    full.clear()
    fit(model, recorder, epochs=1)
    assert [(step.fit, step.epoch) for step in loaded] == [(0, 0), (0, 1), (1, 0)]


@pytest.mark.parametrize("error", [MemoryError(), lw.TraceTooLargeError("half of the free memory"), ValueError("odd")])
@pytest.mark.parametrize("late", [False, True], ids=["while the model runs", "when it is proved"])
def test_a_full_memory_or_whatever_else_it_is(late, error, monkeypatch):
    recorder, model = lw.GateRecorder(PROBE), small_model()

    def fails():
        raise error

    full = []
    at_each_step(monkeypatch, lambda take: take() if not full else fails if late else fails())
    shrink = at_epoch(1, lambda: full.append(True))
    with pytest.warns(RuntimeWarning, match=r"recording stopped in epoch 1.*quantities=") as warned:
        fit(model, shrink, recorder)
    assert len([w for w in warned if "recording stopped" in str(w.message)]) == 1
    assert [step.epoch for step in recorder.recording] == [0]


def test_training_under_xla_is_recorded():
    model, recorder = small_model(jit_compile=True), lw.GateRecorder(PROBE)
    fit(model, recorder)
    layer = recorder.recording[-1].trace["lstm"]
    assert "XLA" in layer.certificate.run
    np.testing.assert_array_equal(layer["f"], lw.extract(model, PROBE)["lstm"]["f"])


def test_training_step_by_step_in_python_is_recorded():
    recorder = lw.GateRecorder(PROBE)
    fit(small_model(run_eagerly=True), recorder)
    assert len(recorder.recording) == 3


@pytest.mark.parametrize("inside", [True, False])
def test_a_distributed_model_is_refused(inside):
    strategy = tf.distribute.MirroredStrategy(["CPU:0"])
    with strategy.scope():
        model = small_model()
        recorder = lw.GateRecorder(PROBE)
        if inside:
            assert_refused_untrained(model, recorder, lw.RecordingError, r"MirroredStrategy.*without tf\.distribute")
    if not inside:
        assert_refused_untrained(model, recorder, lw.RecordingError, r"MirroredStrategy.*without tf\.distribute")


def test_another_model_in_the_same_recorder():
    _, recorder = recorded()
    other = sequential(L.LSTM(6, name="lstm"), L.Dense(1))
    other.compile("sgd", "mse")
    with pytest.raises(lw.RecordingError, match=r"\(2, 5, 4\).*\(2, 5, 6\).*new GateRecorder"):
        fit(other, recorder)
    assert len(recorder.recording) == 3
