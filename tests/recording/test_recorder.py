"""What a recorder keeps is what the model was at that moment; and the training does not notice."""

import copy
import random
import threading

import keras
import numpy as np
import pytest
import tensorflow as tf
from small_models import assert_same, data, sequential, snapshot
from trainings import PROBE, L, X, at_each_step, fit, recorded, small_model

import lstm_widget as lw
from lstm_widget.recording import behind
from lstm_widget.recording.behind import StepsBehind
from lstm_widget.recording.step import Step
from lstm_widget.recording.steps import StepsInMemory


class Look(keras.callbacks.Callback):
    """What somebody would write without a recorder."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def on_epoch_end(self, epoch, logs=None):
        self.seen.append((lw.extract(self.model, PROBE), self.model.predict(PROBE, verbose=0), dict(logs)))


def test_each_epoch_is_the_model_at_its_end():
    recorder, look = lw.GateRecorder(PROBE), Look()
    fit(small_model(), recorder, look)
    recording = recorder.recording
    assert [(step.fit, step.epoch, step.batch) for step in recording] == [(0, 0, None), (0, 1, None), (0, 2, None)]
    for step, (trace, predicted, logs) in zip(recording, look.seen, strict=True):
        for symbol in "ifgoch":
            np.testing.assert_array_equal(step.trace["lstm"][symbol], trace["lstm"][symbol])
        for gate, weights in step.weights["lstm"].items():
            np.testing.assert_array_equal(weights.recurrent_kernel, trace["lstm"].weights[gate].recurrent_kernel)
        np.testing.assert_allclose(step.outputs, predicted, atol=1e-6)
        assert step.logs == logs
        assert step.marks == ()
        assert step.trace["lstm"].certificate.max_abs_error < 1e-5
    assert not np.array_equal(recording[0].trace["lstm"]["f"], recording[2].trace["lstm"]["f"])


def test_the_layer_itself_finds_its_trace():
    model, recorder = recorded()
    assert recorder.recording[0].trace[model.get_layer("lstm")] is recorder.recording[0].trace["lstm"]


def test_every_few_batches_across_epochs():
    """12 rows in batches of 4 are three batches an epoch."""
    _, recorder = recorded(every=2, epochs=3)
    assert [(step.epoch, step.batch) for step in recorder.recording] == [(0, 1), (1, 0), (1, 2), (2, 1)]


def test_batches_are_counted_also_where_several_run_at_once():
    """Six batches an epoch, three at once: 3, 6, 9, 12 of which four, eight and twelve are passed at 6, 9 and 12."""
    recorder = lw.GateRecorder(PROBE, every=4)
    fit(small_model(steps_per_execution=3), recorder, epochs=2, batch_size=2)
    assert [(step.epoch, step.batch) for step in recorder.recording] == [(0, 5), (1, 2), (1, 5)]


def test_a_second_fit_is_appended():
    model, recorder = recorded(epochs=2)
    fit(model, recorder, epochs=2)
    assert [(step.fit, step.epoch) for step in recorder.recording] == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_a_recording_fills_while_training_runs():
    recorder, lengths = lw.GateRecorder(PROBE), []
    live = recorder.recording
    count = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: lengths.append(len(live)))
    fit(small_model(), recorder, count)
    assert lengths == [1, 2, 3]


def test_only_these_layers():
    model = keras.Sequential([keras.Input((5, 3)), L.LSTM(4, return_sequences=True, name="a"), L.GRU(1, name="b")])
    model.compile("sgd", "mse")
    recorder = lw.GateRecorder(PROBE, layers=iter(["b"]))
    fit(model, recorder)
    assert [list(step.trace) for step in recorder.recording] == [["b"]] * 3


def test_the_probe_is_fixed_though_its_data_set_shuffles_and_its_array_is_written_to():
    probe = PROBE.copy()
    shuffled = tf.data.Dataset.from_tensor_slices(X).shuffle(12).batch(12)
    on_array, on_data_set = lw.GateRecorder(probe), lw.GateRecorder(shuffled)
    spoil = keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: probe.fill(0))
    fit(small_model(), on_array, on_data_set, spoil)
    for recorder in (on_array, on_data_set):
        first, *others = recorder.recording
        for step in others:
            np.testing.assert_array_equal(step.trace.inputs, first.trace.inputs)
    np.testing.assert_array_equal(on_array.recording[-1].trace.inputs, PROBE)


def trained(*, recording):
    """Everything random at once: dropout, shuffling, stored states, and the user's own draws between epochs."""
    keras.utils.set_random_seed(5)
    recurrent = {"stateful": True, "dropout": 0.3, "recurrent_dropout": 0.3}
    model = keras.Sequential(
        [
            keras.Input(batch_shape=(2, 5, 3)),
            L.LSTM(4, return_sequences=True, activity_regularizer="l2", **recurrent),
            L.Bidirectional(L.GRU(3, dropout=0.3, return_sequences=True)),
            L.BatchNormalization(),
            L.Dropout(0.3),
            L.SimpleRNN(1, **recurrent),
        ]
    )
    model.compile("adam", "mse", metrics=["mae"])
    draws = []
    draw = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: draws.append((np.random.rand(), random.random(), float(tf.random.uniform(()))))  # noqa: NPY002, S311
    )
    recorders = [lw.GateRecorder(PROBE), lw.GateRecorder(PROBE, every=2)] if recording else []
    options = {"validation_data": (X[:4], data(4, 1)), "shuffle": True, "epochs": 3, "batch_size": 2}
    history = fit(model, *recorders, draw, **options).history
    assert all(len(recorder.recording) for recorder in recorders)
    return snapshot(model), history, draws


def test_training_is_the_same_bit_for_bit():
    (before, history, draws), (after, history_with, draws_with) = trained(recording=False), trained(recording=True)
    assert history == history_with
    assert draws == draws_with
    ours = {"variables", "states", "seeds", "optimizer"}
    assert_same({key: before[key] for key in ours}, {key: after[key] for key in ours})


@pytest.mark.parametrize("wrong", ["batch", 0, -1, 2.5, True, PROBE])
def test_every_is_checked(wrong):
    with pytest.raises(lw.InputError, match=r'every=.*: give "epoch", or after how many batches'):
        lw.GateRecorder(PROBE, every=wrong)


def test_every_may_be_a_number_of_numpys():
    _, recorder = recorded(every=np.int64(2), epochs=1)
    assert [step.batch for step in recorder.recording] == [1]


def test_a_model_in_place_of_a_probe():
    with pytest.raises(lw.InputError, match=r"found the Sequential .* in place of probe inputs.*callbacks=\["):
        lw.GateRecorder(small_model(), PROBE)


class Odd(keras.callbacks.Callback):
    """Puts into the logs what some put there."""

    def on_epoch_end(self, epoch, logs=None):
        logs |= {"note": "warm-up", "nothing": None, "where": object(), "rate": np.float32(0.5), "whole": np.array([2])}


def test_metrics_of_several_numbers_and_what_is_no_number():
    model = sequential(L.LSTM(4, name="lstm"), L.Dense(3, activation="softmax"))
    model.compile("sgd", "categorical_crossentropy", metrics=[keras.metrics.F1Score()])
    recorder = lw.GateRecorder(PROBE)
    targets = np.eye(3, dtype="float32")[np.arange(len(X)) % 3]
    model.fit(X, targets, verbose=0, callbacks=[Odd(), recorder])
    logs = recorder.recording[0].logs
    assert set(logs) == {"loss", "f1_score[0]", "f1_score[1]", "f1_score[2]", "rate", "whole"}
    assert (logs["rate"], logs["whole"]) == (0.5, 2.0)
    assert recorder.recording[0].marks == ()


def test_a_recorder_can_be_copied_before_and_after_a_fit():
    """Tuners do so with all callbacks, for each trial."""
    recorder = lw.GateRecorder(PROBE)
    first, second = copy.deepcopy(recorder), copy.deepcopy(recorder)
    fit(small_model(), first, epochs=2)
    fit(small_model(), second, epochs=1)
    assert [len(each.recording) for each in (recorder, first, second)] == [0, 2, 1]
    first.set_model(None)  # as at the beginning of the next fit
    widget = lw.LSTMWidget(first.recording)
    assert len(copy.deepcopy(first).recording) == 2
    assert widget.step == 1


class Annealed(keras.callbacks.Callback):
    """Changes what an activation of the user's own reads, right after the recorder looked."""

    def __init__(self, slope):
        super().__init__()
        self.slope = slope

    def on_epoch_end(self, epoch, logs=None):
        self.slope.assign_add(0.5)


@pytest.mark.parametrize("kind", ["closure", "module"])
def test_an_activation_that_changes_as_training_goes_on(kind):
    slope = tf.Variable(1.0)

    class Module(tf.Module):
        def __init__(self):
            super().__init__()
            self.slope = slope

        def __call__(self, z):
            return tf.tanh(self.slope * z)

    activation = (lambda z: tf.tanh(slope * z)) if kind == "closure" else Module()
    model = sequential(L.LSTM(4, name="lstm", activation=activation), L.Dense(1))
    model.compile("sgd", "mse")
    recorder = lw.GateRecorder(PROBE)
    fit(model, recorder, Annealed(slope))
    assert [step.marks for step in recorder.recording] == [(), (), ()]


def test_a_fit_that_was_interrupted_does_not_trouble_the_next(monkeypatch):
    """Its last step failed, and nobody waited for it."""

    class Stop(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            raise KeyboardInterrupt

    made, calls = lw.GateRecorder._made, []

    def fails_once(*args):
        calls.append(args)
        if len(calls) == 1:
            msg = "boom"
            raise ValueError(msg)
        return made(*args)

    monkeypatch.setattr(lw.GateRecorder, "_made", fails_once)
    model, recorder = small_model(), lw.GateRecorder(PROBE)
    with pytest.raises(KeyboardInterrupt):
        fit(model, recorder, Stop())
    assert len(copy.deepcopy(recorder).recording) == len(recorder.recording) == 0
    with pytest.warns(RuntimeWarning, match="recording stopped in epoch 0, training goes on: ValueError: boom"):
        fit(model, recorder, epochs=2)
    assert [(step.fit, step.epoch) for step in recorder.recording] == [(1, 0), (1, 1)]


def test_a_step_that_is_waited_for_in_vain_is_not_lost(monkeypatch):
    """Ctrl-C while fit waits: whoever asks later still waits for it."""
    goes_on, store = threading.Event(), StepsInMemory()
    steps = StepsBehind(store)
    steps.start(0, lambda: (goes_on.wait(60), Step(0, 0, None, {}, (), None))[1])
    with monkeypatch.context() as interrupted:
        interrupted.setattr(behind, "wait", lambda futures: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            steps.settle()
    goes_on.set()
    assert steps.numbers() == [0]
    steps.settle()
    assert steps._adding is None


def test_a_program_that_ends_keeps_its_last_steps():
    """Training goes on in a thread that it waits for, and Python begins no other any more."""
    steps = StepsBehind(StepsInMemory())
    steps.start(0, lambda: Step(0, 0, None, {}, (), None))
    steps.settle()
    steps._thread.shutdown()
    steps.start(1, lambda: Step(0, 1, None, {}, (), None))
    assert steps.numbers() == [0, 1]


def test_training_goes_on_while_a_step_is_proved(monkeypatch):
    goes_on, waited = threading.Event(), []

    def slowly(take):
        proved = take()
        return lambda: (waited.append(goes_on.wait(60)), proved())[1]

    at_each_step(monkeypatch, slowly)
    recorder = lw.GateRecorder(PROBE)
    second = keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: goes_on.set() if epoch == 1 else None)
    fit(small_model(), recorder, second, epochs=2)
    assert waited == [True, True]
    assert [step.epoch for step in recorder.recording] == [0, 1]
