"""The callback that watches a model being trained."""

from __future__ import annotations

import math
import os
import warnings
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Literal

import keras
import numpy as np
import tensorflow as tf

from lstm_widget.errors import InputError, LSTMWidgetError, RecordingError, TraceTooLargeError
from lstm_widget.extraction import Extractor, extract
from lstm_widget.recording.behind import StepsBehind
from lstm_widget.recording.keeping import Keeping, named
from lstm_widget.recording.logged import numbers_in
from lstm_widget.recording.on_disk import StepsOnDisk
from lstm_widget.recording.recording import Recording
from lstm_widget.recording.step import Step
from lstm_widget.recording.steps import StepsInMemory
from lstm_widget.recording.thinning import Thinning
from lstm_widget.trace import Trace


class GateRecorder(keras.callbacks.Callback):  # type: ignore[misc]
    """Record what every gate does with a few fixed inputs, while the model is trained.

    At each step it extracts the probe batch, as `extract` does: proved, in inference, and without a trace left in the
    model, so that training ends with the same weights, bit for bit, as without it. The model runs at the step; its
    numbers are proved and written to disk in a thread of their own while training goes on (those of the first step are
    proved at once), and whoever asks for steps waits for the last one. If the probe batch does not fit the model,
    ``fit`` raises before the first epoch.

    From the second step on the run is traced, as ``fit`` traces its own: a number that the model's Python code reads
    and a callback changes stays there what it was. Under ``run_eagerly=True`` nothing is traced.

    A loss or weights that turn NaN mark the step, and so do numbers that cannot be proved; training goes on. When
    the disk or the memory is full, there is one warning, training goes on and recording stops; what was recorded
    stays readable. A recorder that is given to ``fit`` again goes on in the same recording, with the next
    ``step.fit``. Trained with ``compile(jit_compile=True)``, the probe batch runs under XLA as well, as ``predict``
    would. Models under a ``tf.distribute`` strategy, and models that only ``fit`` would build, are refused.

    Parameters
    ----------
    probe_inputs : what ``model.predict`` takes
        A few samples; kept as they are at the first ``fit``. What a step costs in time and memory grows with them.
    every : "epoch" or int
        At the end of each epoch, or after this many batches of a ``fit``.
    layers : names or layer objects, optional
        Only these recurrent layers.
    quantities : names or symbols, optional
        Keep only these, such as ``["f", "c"]``; a layer keeps those that its cell has.
    weights : bool
        Keep the weights of each gate too.
    path : path, optional
        Write each step to this folder instead of keeping it in memory; `Recording.load` opens it, also from another
        process and while training runs. It must not exist yet.
    float16 : bool
        Keep quantities in half the bytes. They are rounded after they were proved, so they are no longer the exact
        numbers (three digits); the trace says so.
    max_steps : int, optional
        When there are this many, every second one is dropped and from then on only every second one is recorded:
        evenly spaced from the first on, whatever the length of the training.

    Attributes
    ----------
    recording : Recording
        What there is so far.

    Examples
    --------
    >>> import keras, numpy as np
    >>> import lstm_widget as lw
    >>> x, y = np.ones((8, 5, 1), "float32"), np.ones((8, 1), "float32")
    >>> model = keras.Sequential([keras.Input((5, 1)), keras.layers.LSTM(2, name="lstm"), keras.layers.Dense(1)])
    >>> model.compile("sgd", "mse")
    >>> recorder = lw.GateRecorder(x[:2])
    >>> _ = model.fit(x, y, epochs=3, callbacks=[recorder], verbose=0)
    >>> [step.weights["lstm"]["forget_gate"].bias.shape for step in recorder.recording]
    [(2,), (2,), (2,)]
    """

    def __init__(
        self,
        probe_inputs: Any,
        every: Literal["epoch"] | int = "epoch",
        *,
        layers: Iterable[str | object] | str | None = None,
        quantities: Iterable[str] | str | None = None,
        weights: bool = True,
        path: str | os.PathLike[str] | None = None,
        float16: bool = False,
        max_steps: int | None = None,
    ) -> None:
        super().__init__()
        _refuse_models(probe_inputs)
        self._probe = probe_inputs
        self._every = _checked(every)
        # Keras waits at the end of each batch for callbacks that are not; at epochs it waits for all.
        self.async_safe = self._every == "epoch"
        self._layers = list(layers) if isinstance(layers, Iterable) and not isinstance(layers, str) else layers
        self._keeping = Keeping(None if quantities is None else named(quantities), weights, float16)
        self._thinning = Thinning(max_steps)
        self._steps = StepsBehind(StepsInMemory() if path is None else StepsOnDisk(Path(path)))
        self._shapes: dict[str, Any] | None = None
        self._extractor: Extractor | None = None
        self._fit = -1
        self._number = 0
        self._stopped = False
        self._epoch = self._batches_of_epoch = self._batches_since = self._recorded = 0

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what is good for one fit: tuners copy their callbacks."""
        return {**vars(self), "_extractor": None}

    @property
    def recording(self) -> Recording:
        """What there is so far."""
        return Recording(self._steps)

    def on_train_begin(self, logs: Mapping[str, Any] | None = None) -> None:
        """Refuse what cannot be recorded, before time is spent on training."""
        del logs
        _refuse_strategies(self.model)
        _refuse_without_weights(self.model)
        trace = extract(self.model, self._probe, layers=self._layers)
        self._keeping.of(trace)
        shapes = {name: (layer.cell, layer.shape) for name, layer in trace.items()}
        if self._shapes is None:
            self._steps.begin()
            # A data set may shuffle, and an array may be written to: a probe is the same at each step.
            self._probe, self._shapes = trace.inputs, shapes
        elif shapes != self._shapes:
            msg = f"this recorder recorded {self._shapes} before, and this model has {shapes}; make a new GateRecorder"
            raise RecordingError(msg)
        self._extractor = Extractor(self.model, self._probe, layers=self._layers)
        self._settle()
        self._fit += 1
        self._stopped = False
        self._batches_since = 0
        self._steps.watchers.tell("begin")

    def on_train_end(self, logs: Mapping[str, Any] | None = None) -> None:
        """See the last step kept, and tell who watches."""
        del logs
        try:
            self._settle()
        finally:
            self._extractor = None
            self._steps.watchers.tell("end")

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Count."""
        del logs
        self._epoch, self._batches_of_epoch = epoch, 0

    def on_train_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Record, if it is time to."""
        if self._every == "epoch":
            return
        # Under steps_per_execution one call stands for several batches.
        self._batches_since += batch + 1 - self._batches_of_epoch
        self._batches_of_epoch = batch + 1
        if self._batches_since >= self._every:
            self._batches_since %= self._every
            self._record(self._epoch, batch, logs)

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Record, if it is time to."""
        if self._every == "epoch":
            self._record(epoch, None, logs)

    def _record(self, epoch: int, batch: int | None, logs: Mapping[str, Any] | None) -> None:
        number = self._number
        self._number += 1
        if not self._thinning.due(number):
            return
        self._settle()
        if self._stopped:
            return
        self._recorded = epoch
        try:
            for old in self._thinning.surplus(self._steps.numbers()):
                self._steps.drop(old)
            if not self._thinning.due(number):
                return
            self._steps.start(number, self._look(epoch, batch, logs or {}))
        except Exception as error:  # noqa: BLE001  (as in _settle)
            self._stop(error)
        # Whoever has time for it waits for it.
        self._steps.watchers.tell("step")

    def _settle(self) -> None:
        # Whatever it is, in a thread of ours it must not cost anybody the training.
        try:
            self._steps.settle()
        except Exception as error:  # noqa: BLE001
            self._stop(error)

    def _stop(self, error: Exception) -> None:
        self._stopped = True
        msg = (
            f"recording stopped in epoch {self._recorded}, training goes on: {type(error).__name__}: {error}. "
            "What was recorded before is kept; quantities=, float16=True and max_steps= make it smaller"
        )
        warnings.warn(msg, RuntimeWarning, stacklevel=4)

    def _look(self, epoch: int, batch: int | None, logs: Mapping[str, Any]) -> Callable[[], Step]:
        """Run the model now; what proves its numbers and makes a step of them may run later."""
        numbers = numbers_in(logs)
        marks = [f"{name} is {value}" for name, value in numbers.items() if not math.isfinite(value)]
        step = partial(Step, self._fit, epoch, batch, numbers)
        try:
            self._extractor = self._extractor or Extractor(self.model, self._probe, layers=self._layers)
            proved = self._extractor()
        except TraceTooLargeError:
            raise
        except LSTMWidgetError as error:
            return partial(step, (*marks, _said(error)), None)
        return lambda: self._made(step, marks, proved)

    def _made(self, step: Callable[..., Step], marks: list[str], proved: Callable[[], Trace]) -> Step:
        try:
            trace = proved()
        except TraceTooLargeError:
            raise
        except LSTMWidgetError as error:
            return step((*marks, _said(error)), None)
        odd = [f"weights of {name!r} are NaN or infinite" for name in trace if _are_odd(trace, name)]
        kept = self._keeping.of(trace)
        return step((*marks, *odd), lambda: kept)


def _checked(every: Any) -> Literal["epoch"] | int:
    if isinstance(every, str) and every == "epoch":
        return "epoch"
    if isinstance(every, int | np.integer) and not isinstance(every, bool) and every >= 1:
        return int(every)
    found = repr(every) if isinstance(every, str | int | float) else f"<{type(every).__name__}>"
    msg = f'every={found}: give "epoch", or after how many batches to record, such as every=100'
    raise InputError(msg)


def _refuse_models(probe: Any) -> None:
    if isinstance(probe, keras.layers.Layer):
        msg = (
            f"found the {type(probe).__name__} {probe.name!r} in place of probe inputs; the model is the one that is "
            "trained: type model.fit(..., callbacks=[GateRecorder(probe_inputs)])"
        )
        raise InputError(msg)


def _said(error: LSTMWidgetError) -> str:
    return f"{type(error).__name__}: {error}"


def _are_odd(trace: Trace, name: str) -> bool:
    arrays = (array for gate in trace[name].weights.values() for array in gate if array is not None)
    return not all(np.isfinite(array).all() for array in arrays)


def _refuse_without_weights(model: Any) -> None:
    if not model.built:
        msg = (
            f"{model.name!r} has no weights before its first batch, so the probe cannot be tried on it. Begin it with "
            "keras.Input(shape), or call it once before fit: model(probe_inputs)"
        )
        raise RecordingError(msg)


def _refuse_strategies(model: Any) -> None:
    # Of the model's own, Keras keeps no public record that tells it from TensorFlow's default.
    own = getattr(model, "_distribute_strategy", None)
    if own is not None or tf.distribute.has_strategy():
        found = type(own or tf.distribute.get_strategy()).__name__
        msg = (
            f"{model.name!r} is trained under a {found}, whose copies of the model cannot be recorded. Train it "
            "without tf.distribute, or extract from it after training"
        )
        raise RecordingError(msg)
