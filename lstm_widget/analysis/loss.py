"""How wrong the answer is, sample by sample."""

from __future__ import annotations

import numpy as np

from lstm_widget.capture.record import Array
from lstm_widget.errors import InputError

_SMALLEST = 1e-12


def losses(outputs: Array, targets: Array) -> Array:
    """Give a loss a sample: cross-entropy for probabilities, else the mean squared error.

    Parameters
    ----------
    outputs : (sample, ...)
        What the model returned.
    targets : (sample,) of class numbers, or an array of the shape of ``outputs``

    Returns
    -------
    (sample,)

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
    outputs, targets = np.asarray(outputs, np.float64), np.asarray(targets)
    if is_classes(outputs, targets):
        chosen = np.take_along_axis(outputs, targets[..., None].astype(int), axis=-1)[..., 0]
        return _a_sample(-np.log(np.maximum(chosen, _SMALLEST)))
    if outputs.ndim == targets.ndim + 1 and outputs.shape[-1] == 1:
        targets = targets[..., None]
    if outputs.shape != targets.shape:
        msg = (
            f"targets of shape {targets.shape} do not fit outputs of shape {outputs.shape}; "
            "give one class number, or one value an output, for each sample"
        )
        raise InputError(msg)
    return _a_sample(np.square(outputs - targets.astype(np.float64)))


def is_classes(outputs: Array, targets: Array) -> bool:
    """Say whether targets are class numbers of outputs that are probabilities over classes."""
    return (
        outputs.ndim == targets.ndim + 1
        and outputs.shape[:-1] == targets.shape
        and outputs.shape[-1] > 1
        and targets.dtype.kind in "iu"
        and targets.size > 0
        and targets.min() >= 0
        and targets.max() < outputs.shape[-1]
    )


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
    if is_classes(outputs, targets) and targets.ndim == 1:
        return np.asarray(outputs.argmax(axis=-1) != targets)
    flat = outputs.reshape(len(outputs), -1)
    binary = targets.ndim == 1 and flat.shape[1] == 1 and targets.dtype.kind in "iub" and np.isin(targets, (0, 1)).all()
    if binary and ((flat >= 0) & (flat <= 1)).all():
        return np.asarray((flat[:, 0] >= 0.5) != targets.astype(bool))  # noqa: PLR2004
    return None


def are_probabilities(values: Array) -> bool:
    """Say whether a row of outputs is a distribution over classes."""
    whole = values.ndim == 1 and len(values) > 1 and bool((values >= 0).all())
    return whole and abs(float(values.sum()) - 1) < 1e-3  # noqa: PLR2004


def _a_sample(values: Array) -> Array:
    mean: Array = values.reshape(len(values), -1).mean(axis=1)
    return mean
