"""What targets mean beside a model's outputs: class numbers, one of them hot, or values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from lstm_widget.capture.record import Array
from lstm_widget.errors import InputError


@dataclass(frozen=True)
class Expected:
    """Targets that fit some outputs.

    Attributes
    ----------
    values : (sample, ...) of int under ``are_classes``, else of the shape of the outputs
        -1, or NaN, where nothing is expected.
    are_classes : bool
    """

    values: Array
    are_classes: bool

    @property
    def known(self) -> Array:
        """Where something is expected, in the shape of ``values``."""
        return np.asarray(self.values >= 0 if self.are_classes else ~np.isnan(self.values))


def expected_of(outputs: Array, targets: Any) -> Expected:
    """Read targets as what they are beside these outputs.

    Parameters
    ----------
    outputs : (sample, ..., output)
        What the model returned.
    targets : array_like
        Class numbers, (sample, ...) or (sample, ..., 1); one-hot classes; or values, of the shape of ``outputs``, or
        without its last axis where there is one output. A value may be NaN, where nothing is known; and of answers
        along time, as padding does, a class number may be negative or NaN, a row of one-hot classes zero or NaN.

    Raises
    ------
    InputError
        If they are none of these.

    Examples
    --------
    >>> import numpy as np
    >>> outputs = np.array([[0.9, 0.1], [0.2, 0.8]])
    >>> expected_of(outputs, [[0, 1], [0, 1]]).values.tolist()
    [1, 1]
    >>> expected_of(outputs, [1, 1]).are_classes
    True
    >>> expected_of(outputs[None], [[1, -1]]).known.tolist()
    [[True, False]]
    """
    given = np.asarray(targets)
    if given.dtype.kind not in "iufb":
        msg = f"targets of dtype {given.dtype} are no numbers; give class numbers, one-hot classes or values"
        raise InputError(msg)
    classes = class_numbers(outputs, given)
    if classes is not None:
        return Expected(classes, are_classes=True)
    values = given
    if outputs.ndim == values.ndim + 1 and outputs.shape[-1] == 1:
        values = values[..., None]
    if outputs.shape != values.shape:
        raise InputError(_misfit(outputs, given))
    return Expected(values.astype(np.float64), are_classes=False)


def class_numbers(outputs: Array, targets: Array) -> Array | None:
    """Give targets as class numbers, (sample, ...) of int; None where they are values, or do not fit.

    One-hot targets are classes only beside probabilities: a model that answers with two numbers may expect 0 and 1.
    """
    count = outputs.shape[-1] if outputs.ndim > 1 else 1
    if count == 1 or not targets.size or targets.dtype.kind not in "iufb":
        return None
    # -1 for a whole sequence is more likely one of two classes than none.
    is_along = outputs.ndim > 2  # noqa: PLR2004
    if targets.shape == outputs.shape:
        none = is_along & ((targets == 0).all(axis=-1) | np.isnan(targets).all(axis=-1))
        hot = np.isin(targets, (0, 1)).all(axis=-1) & (targets.sum(axis=-1) == 1)
        # A masked or diverged answer is NaN, and says nothing of what the others are.
        known = outputs[~np.isnan(outputs).any(axis=-1)]
        are_hot = bool((hot | none).all()) and bool(hot.any()) and are_probabilities(known)
        return np.where(none, -1, targets.argmax(axis=-1)) if are_hot else None
    if targets.shape == (*outputs.shape[:-1], 1):
        targets = targets[..., 0]
    if targets.shape != outputs.shape[:-1]:
        return None
    none = is_along & (np.isnan(targets) | (targets < 0))
    fits = none | ((targets >= 0) & (targets < count) & (targets == np.trunc(targets)))
    return np.where(none, -1, targets).astype(int) if fits.all() else None


def are_probabilities(values: Array) -> bool:
    """Say whether outputs, (..., output), are distributions over classes."""
    whole = values.size > 0 and values.shape[-1] > 1 and bool((values >= 0).all())
    return whole and bool((np.abs(values.sum(axis=-1) - 1) < 1e-3).all())  # noqa: PLR2004


def _misfit(outputs: Array, targets: Array) -> str:
    found = f"targets of shape {targets.shape} do not fit outputs of shape {outputs.shape}; "
    count, shape = outputs.shape[-1], outputs.shape[:-1]
    if count == 1:
        return f"{found}give values of shape {outputs.shape} or {shape}"
    if targets.size and targets.shape in (shape, (*shape, 1)):
        none = ", or -1 where nothing is expected" if len(shape) > 1 else ""
        return f"{found}as class numbers they must be whole and in 0..{count - 1}{none}, and some are not"
    return f"{found}give values of shape {outputs.shape}, or class numbers 0..{count - 1} of shape {shape}"
