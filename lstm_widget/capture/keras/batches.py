"""Cut what `model.predict` takes into the batches that `predict` would run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from lstm_widget.capture.record import Array
from lstm_widget.errors import InputError

_PREDICT_BATCH_SIZE = 32
"""What `predict` takes where nothing is said. Another size may round another way."""


@dataclass(frozen=True)
class Batch:
    """Rows ``start`` to ``start + size`` of the inputs."""

    inputs: Any
    start: int
    size: int


def cut(inputs: Any, batch_size: Any, static_size: int | None) -> tuple[Any, list[Batch]]:
    """Give all inputs as arrays, and their batches.

    Parameters
    ----------
    inputs : array, or list, tuple or dict of arrays, or tf.data.Dataset, or keras.utils.PyDataset
        A data set keeps its own batches.
    batch_size : int or None
    static_size : int or None
        The only batch size that the model takes, if there is one.

    Raises
    ------
    InputError
        If there are no rows, if the arrays differ in length, or if the batch size does not fit.
    """
    batch_size = None if batch_size is None else _positive(batch_size)
    if static_size is not None and batch_size not in (None, static_size):
        msg = f"batch_size={batch_size} but the model takes batches of {static_size} only; leave batch_size out"
        raise InputError(msg)
    if isinstance(inputs, tf.data.Dataset | keras.utils.PyDataset):
        return _of_data_set(inputs, batch_size, static_size)
    arrays = keras.tree.map_structure(_in_default_float, inputs)
    rows = _rows(arrays)
    size = static_size or batch_size or _PREDICT_BATCH_SIZE
    if static_size is not None and rows % static_size:
        msg = (
            f"{rows} rows cannot be cut into batches of {static_size}, the only size that this model takes; "
            f"pass {rows - rows % static_size or static_size} rows, or another multiple of {static_size}"
        )
        raise InputError(msg)
    batches = [
        Batch(keras.tree.map_structure(lambda a, at=start: a[at : at + size], arrays), start, min(size, rows - start))
        for start in range(0, rows, size)
    ]
    return arrays, batches


def _positive(batch_size: Any) -> int:
    if isinstance(batch_size, bool) or not isinstance(batch_size, int | np.integer) or batch_size < 1:
        msg = f"batch_size={batch_size!r} is not a positive integer"
        raise InputError(msg)
    return int(batch_size)


def _of_data_set(inputs: Any, batch_size: int | None, static_size: int | None) -> tuple[Any, list[Batch]]:
    if batch_size is not None:
        msg = "a data set brings its own batches; leave batch_size out"
        raise InputError(msg)
    if isinstance(inputs, tf.data.Dataset) and int(inputs.cardinality()) == tf.data.INFINITE_CARDINALITY:
        msg = "the data set never ends; pass inputs.take(n)"
        raise InputError(msg)
    batches: list[Batch] = []
    for element in _elements(inputs):
        # As predict does: of (x, y) and (x, y, sample_weight) only x counts.
        x = element[0] if isinstance(element, tuple) else element
        arrays = keras.tree.map_structure(_array, x)
        start = batches[-1].start + batches[-1].size if batches else 0
        batches.append(Batch(arrays, start, _rows(arrays)))
    if not batches:
        msg = "the data set is empty; there is nothing to run"
        raise InputError(msg)
    wrong = next((b.size for b in batches if static_size not in (None, b.size)), None)
    if wrong is not None:
        msg = f"the data set holds a batch of {wrong} rows, the model takes {static_size}; use drop_remainder=True"
        raise InputError(msg)
    try:
        whole = keras.tree.map_structure(lambda *parts: np.concatenate(parts), *(b.inputs for b in batches))
    except ValueError as error:
        msg = "the batches of the data set differ in length; pad them to one length and mask what was padded"
        raise InputError(msg) from error
    return whole, batches


def _elements(inputs: Any) -> Iterator[Any]:
    if isinstance(inputs, tf.data.Dataset):
        return iter(inputs)
    return (inputs[index] for index in range(len(inputs)))


def _array(leaf: Any) -> Array:
    if isinstance(leaf, tf.RaggedTensor | tf.SparseTensor):
        msg = f"found a {type(leaf).__name__}; supported are dense arrays: pad it (to_tensor, to_dense) and mask"
        raise InputError(msg)
    try:
        array = np.asarray(leaf)
    except (ValueError, TypeError) as error:
        msg = f"the inputs cannot be read as an array: {error}. Rows of unequal length must be padded and masked"
        raise InputError(msg) from error
    if array.dtype == object and not all(isinstance(item, str | bytes) for item in array.flat):
        msg = f"found {type(leaf).__name__} of Python objects; pass numbers (or strings), all rows of one length"
        raise InputError(msg)
    return array


def _in_default_float(leaf: Any) -> Array:
    # As predict does with arrays, but not with data sets.
    array = _array(leaf)
    return array.astype(keras.config.floatx()) if array.dtype.kind == "f" else array


def _rows(arrays: Any) -> int:
    leaves = keras.tree.flatten(arrays)
    if not leaves:
        msg = "the inputs are empty; pass what model.predict takes"
        raise InputError(msg)
    if any(leaf.ndim == 0 for leaf in leaves):
        msg = f"found the single value {leaves[0]!r}; pass an array of shape (samples, timesteps, features)"
        raise InputError(msg)
    lengths = {len(leaf) for leaf in leaves}
    if len(lengths) > 1:
        msg = f"the inputs have different numbers of rows: {sorted(lengths)}; each needs one row a sample"
        raise InputError(msg)
    if 0 in lengths:
        msg = "the inputs hold no rows; pass at least one sample"
        raise InputError(msg)
    empty = next((leaf.shape for leaf in leaves if leaf.size == 0), None)
    if empty is not None:
        msg = f"found an input of shape {empty}, with nothing in it; pass at least one timestep and one feature"
        raise InputError(msg)
    return int(lengths.pop())
