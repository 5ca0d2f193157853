"""How wrong the answer is, sample by sample."""

from __future__ import annotations

import numpy as np

from lstm_widget.analysis.targets import class_numbers, expected_of
from lstm_widget.capture.record import Array

_SMALLEST = 1e-12


def losses(outputs: Array, targets: Array) -> Array:
    """Give a loss a sample: cross-entropy for probabilities, else the mean squared error, of what is expected.

    Parameters
    ----------
    outputs : (sample, ...)
        What the model returned.
    targets : array_like
        Class numbers, one-hot classes or values, as `expected_of` reads them.

    Returns
    -------
    (sample,)
        NaN where nothing is expected.

    Raises
    ------
    InputError
        If the shapes do not fit.

    Examples
    --------
    >>> import numpy as np
    >>> losses(np.array([[0.9, 0.1], [0.2, 0.8]]), np.array([0, 0])).round(2).tolist()
    [0.11, 1.61]
    """
    outputs = np.asarray(outputs, np.float64)
    expected = expected_of(outputs, targets)
    if expected.are_classes:
        chosen = np.take_along_axis(outputs, np.maximum(expected.values, 0)[..., None], axis=-1)[..., 0]
        return _a_sample(-np.log(np.maximum(chosen, _SMALLEST)), expected.known)
    return _a_sample(np.square(outputs - expected.values), expected.known)


def wrong(outputs: Array, targets: Array) -> Array | None:
    """Say of each sample whether its most likely class is not the target; None where these are no classes.

    One output in 0..1 is the probability of class 1.

    Examples
    --------
    >>> import numpy as np
    >>> wrong(np.array([[0.9, 0.1], [0.2, 0.8]]), np.array([0, 0])).tolist()
    [False, True]
    """
    outputs, targets = np.asarray(outputs), np.asarray(targets)
    classes = class_numbers(outputs, targets)
    if classes is not None and classes.ndim == 1:
        return np.asarray(outputs.argmax(axis=-1) != classes)
    said, wanted = outputs.ravel(), targets.ravel()
    one_each = said.size == wanted.size == len(outputs)
    binary = one_each and targets.dtype.kind in "iub" and np.isin(wanted, (0, 1)).all()
    if binary and ((said >= 0) & (said <= 1)).all():
        return np.asarray((said >= 0.5) != wanted.astype(bool))  # noqa: PLR2004
    return None


def _a_sample(values: Array, known: Array) -> Array:
    axes = tuple(range(1, values.ndim))
    count = known.sum(axis=axes)
    total = np.where(known, values, 0).sum(axis=axes)
    return np.asarray(np.divide(total, count, out=np.full(len(values), np.nan), where=count > 0))
