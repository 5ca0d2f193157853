"""Open a model for reading, run it batch by batch, leave it as it was."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
import tensorflow as tf

from lstm_widget.capture.keras.batches import Batch, cut
from lstm_widget.capture.keras.calling import call, in_its_own_words, written_down
from lstm_widget.capture.keras.dispatch import watching
from lstm_widget.capture.keras.heard import Announce
from lstm_widget.capture.keras.recorder import LayerRecorder, Wanted
from lstm_widget.capture.keras.traced import TracedModel
from lstm_widget.capture.record import Array, BatchRun
from lstm_widget.errors import InputError, LSTMWidgetError, ModelError

_locks: weakref.WeakKeyDictionary[Any, Any] = weakref.WeakKeyDictionary()
_locks_lock = threading.Lock()


class Session:
    """A model, its inputs as arrays, and the batches in which it runs.

    Attributes
    ----------
    rows : int
        Rows of the inputs.
    lanes : int or None
        Batch size of a stateful model, whose batches continue each other; None for any other.
    """

    def __init__(self, model: Any, inputs: Any, batch_size: int | None, jit_compile: bool | None) -> None:  # noqa: FBT001
        self._model = model
        static_size = _static_batch(model)
        self._inputs, self._batches = cut(inputs, batch_size, static_size)
        self.rows = sum(batch.size for batch in self._batches)
        self.lanes = static_size if _is_stateful(model) else None
        if jit_compile:
            _refuse_mixed_precision(model)
        self._jit_compile = _as_predict_does(model) if jit_compile is None else jit_compile

    def batches_with(self, rows: Array) -> list[Batch]:
        """Give the batches that must run to see these rows; of a stateful model that is every one."""
        if self.lanes is not None:
            return self._batches
        return [b for b in self._batches if ((rows >= b.start) & (rows < b.start + b.size)).any()]

    def rows_of_inputs(self, rows: Array) -> Any:
        """Copy these rows of the inputs."""
        return keras.tree.map_structure(lambda array: array[rows], self._inputs)

    def run(self, batch: Batch, *, wanted: Wanted, announce: Announce) -> BatchRun:
        """Run one batch as `predict` would, layer by layer.

        Raises
        ------
        InputError
            If the model itself refuses the batch.
        UnsupportedLayerError
            If a layer did not get one sample a row.
        """
        recorder = LayerRecorder(self._model, jit_compile=self._jit_compile, wanted=wanted, announce=announce)
        try:
            with in_its_own_words(self._model, batch), watching(recorder):
                outputs = call(self._model, keras.tree.map_structure(tf.convert_to_tensor, batch.inputs))
        except LSTMWidgetError:
            if recorder.error is not None:  # graph code may have wrapped it
                raise recorder.error from None
            raise
        return written_down(self._model, batch, recorder.runs, outputs, recorder.seen)

    def traced(self, batches: list[Batch], wanted: Wanted) -> TracedModel | None:
        """Trace the run of these batches, to run it later; None where only Python shows what the model does."""
        if getattr(self._model, "run_eagerly", False) or tf.config.functions_run_eagerly():
            return None
        try:
            return TracedModel(self._model, batches, jit_compile=self._jit_compile, wanted=wanted)
        except Exception:  # noqa: BLE001  (whatever it is, the model can be run as ever)
            return None


@contextmanager
def session(model: Any, inputs: Any, batch_size: int | None, jit_compile: bool | None) -> Iterator[Session]:  # noqa: FBT001
    """Hold the model alone, for reading; states it stores are written to a scope that is thrown away.

    Raises
    ------
    ModelError
        If it is no built Keras 3 model or layer, or Keras does not run on TensorFlow.
    """
    _check(model)
    with _lock_of(model), _losses_kept(model), keras.StatelessScope():
        yield Session(model, inputs, batch_size, jit_compile)


@contextmanager
def _losses_kept(model: Any) -> Iterator[None]:
    """Give back the losses of the user's last call, which Keras clears at every call."""
    holders = [
        (holder, holder.copy())
        for layer in model._flatten_layers()  # noqa: SLF001
        for holder in (layer._losses, layer._loss_ids)  # noqa: SLF001
    ]
    try:
        yield
    finally:
        for holder, before in holders:
            holder.clear()
            (holder.update if isinstance(holder, set) else holder.extend)(before)


def _refuse_mixed_precision(model: Any) -> None:
    for layer in model._flatten_layers():  # noqa: SLF001
        if isinstance(layer, keras.layers.RNN) and layer.compute_dtype in ("float16", "bfloat16"):
            msg = (
                f"layer {layer.name!r} computes in {layer.compute_dtype}, and XLA need not round where the layer does; "
                "leave jit_compile=True out to see the run that predict makes"
            )
            raise InputError(msg)


def _lock_of(model: Any) -> Any:
    with _locks_lock:
        return _locks.setdefault(model, threading.RLock())


def _check(model: Any) -> None:
    if keras.backend.backend() != "tensorflow":
        msg = (
            f"Keras runs on {keras.backend.backend()!r} here; supported is 'tensorflow'. "
            "Set KERAS_BACKEND=tensorflow before Keras is imported"
        )
        raise ModelError(msg)
    if not isinstance(model, keras.layers.Layer):
        kind = f"{type(model).__module__}.{type(model).__qualname__}"
        hint = "a tf_keras (Keras 2) model; load it with Keras 3" if "keras" in kind else "pass the model itself"
        msg = f"found a {kind}, supported are Keras 3 models and recurrent layers: {hint}"
        raise ModelError(msg)
    if not model.built:
        msg = (
            f"{model.name!r} is not built, so it has no weights yet: train it, load its weights, "
            "or call it once on data"
        )
        raise ModelError(msg)


def _static_batch(model: Any) -> int | None:
    """Give the batch size that the model was built for, if it is fixed."""
    for tensor in keras.tree.flatten(getattr(model, "inputs", None) or []):
        if tensor.shape and tensor.shape[0] is not None:
            return int(tensor.shape[0])
    for layer in model._flatten_layers():  # noqa: SLF001
        if isinstance(layer, keras.layers.RNN) and layer.stateful and layer.states is not None:
            return int(keras.tree.flatten(layer.states)[0].shape[0])
    return None


def _is_stateful(model: Any) -> bool:
    return any(getattr(layer, "stateful", False) is True for layer in model._flatten_layers())  # noqa: SLF001


def _as_predict_does(model: Any) -> bool:
    # The property would settle, and store, what compile() left open.
    return bool(getattr(model, "_jit_compile", None))
