"""Call a model as `predict` does, and say what became of it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras

from lstm_widget.capture.keras.arrays import to_numpy
from lstm_widget.capture.keras.batches import Batch
from lstm_widget.capture.record import BatchRun, LayerRun
from lstm_widget.errors import InputError, LSTMWidgetError, ModelError, UnsupportedLayerError


def call(model: Any, tensors: Any) -> Any:
    """Call it in inference."""
    # As predict_step does.
    return model(tensors, training=False) if model._call_has_training_arg else model(tensors)  # noqa: SLF001


@contextmanager
def in_its_own_words(model: Any, batch: Batch) -> Iterator[None]:
    """Say of an error of the model's own on which inputs it was raised.

    Raises
    ------
    InputError
    """
    try:
        yield
    except LSTMWidgetError:
        raise
    except Exception as error:
        shapes = keras.tree.map_structure(lambda a: tuple(a.shape), batch.inputs)
        expected = getattr(model, "input_shape", None)
        msg = f"the model itself raised {type(error).__name__} on inputs of shape {shapes}"
        msg += f"; it takes {expected}" if expected is not None else ""
        msg += f". Its own words: {error}"
        raise InputError(msg) from error


def written_down(model: Any, batch: Batch, runs: list[LayerRun], outputs: Any, seen: list[str]) -> BatchRun:
    """Put together what a batch gave.

    Raises
    ------
    ModelError
        If no recurrent layer ran.
    UnsupportedLayerError
        If a layer did not get one sample a row.
    """
    if not seen:
        msg = f"{model.name!r} ran, but no recurrent layer did (LSTM, GRU, SimpleRNN, RNN)"
        raise ModelError(msg)
    for run in runs:
        _refuse_other_samples(run, batch.size)
    return BatchRun(batch.start, batch.size, runs, keras.tree.map_structure(to_numpy, outputs), seen)


def _refuse_other_samples(run: LayerRun, rows: int) -> None:
    samples = run.shape[0]
    if samples != rows * math.prod(run.outer):
        msg = (
            f"layer {run.name!r} ran on {samples} samples where the batch has {rows} rows, so no one can say which "
            "sample belongs to which row. Put it into a TimeDistributed instead of reshaping, extract from the layer "
            "itself, extract(layer, its_inputs), or leave it out with layers=[...]"
        )
        raise UnsupportedLayerError(msg)
