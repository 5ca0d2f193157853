"""TensorFlow's executor that runs one operation after another, in the thread that asks.

A loop of small steps is dispatched operation by operation, and to hand them from thread to thread takes longer than
they do: without it a loop over one sample takes half to three quarters of the time. Large operations share out their
work by either executor.

In a loop that was traced for it TensorFlow rewrites no arithmetic. Elsewhere it may put sums of three into another
order, and so round otherwise, which must not be told from what `predict` gives: only cells without such sums run so.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import keras
import tensorflow as tf

from lstm_widget.capture.keras.cells import activations_of, kind_of

FEW = 2
"""Samples up to which a loop is faster so."""
_OF_ONE_OPERATION = ("sigmoid", "tanh", "relu", "linear")


def one_by_one(cells: Iterable[Any]) -> AbstractContextManager[None]:
    """Run what is called meanwhile that way, if all cells give the same numbers so; it must also be traced under it."""
    if tf.config.list_logical_devices("GPU") or not give_the_same(cells):
        return nullcontext()
    chosen: AbstractContextManager[None] = tf.experimental.function_executor_type("SINGLE_THREADED_EXECUTOR")
    return chosen


def give_the_same(cells: Iterable[Any]) -> bool:
    """Say whether cells give the same numbers by either executor."""
    return all(map(_gives_the_same, cells))


def _gives_the_same(cell: Any) -> bool:
    # Product by product, each with its own bias, that is such a sum; all products at once are not.
    if kind_of(cell) is None or getattr(cell, "implementation", 2) == 1:
        return False
    known = [getattr(keras.activations, name) for name in _OF_ONE_OPERATION]
    return all(any(function is one for one in known) for function in activations_of(cell))
