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


def _a_sample(values: Array) -> Array:
    mean: Array = values.reshape(len(values), -1).mean(axis=1)
    return mean
