"""Which samples the model gets right, and how wrong it is about the others."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from lstm_widget.analysis.loss import losses, wrong
from lstm_widget.analysis.nearest import nearest
from lstm_widget.analysis.targets import class_numbers, expected_of
from lstm_widget.capture.record import Array
from lstm_widget.errors import InputError


class Judge:
    """Holds the model's answers against the targets of a layer's samples.

    Parameters
    ----------
    outputs : callable
        Gives what the model answers to all rows, which may take a while: only asked where a verdict is needed.
    targets : (sample, ...) or None
    samples : int
        How many the layer has. Where there are not as many answers, there is no verdict.
    """

    def __init__(self, outputs: Callable[[], Any], targets: Array | None, samples: int) -> None:
        self._outputs_of = outputs
        self._targets = targets
        self._samples = samples

    @cached_property
    def _outputs(self) -> Array | None:
        if self._targets is None or len(self._targets) != self._samples:
            return None
        outputs = self._outputs_of()
        return outputs if outputs is not None and len(outputs) == self._samples else None

    @cached_property
    def _losses(self) -> Array | None:
        return None if self._outputs is None or self._targets is None else losses(self._outputs, self._targets)

    @cached_property
    def _wrong(self) -> Array | None:
        return None if self._outputs is None or self._targets is None else wrong(self._outputs, self._targets)

    @cached_property
    def _classes(self) -> Array | None:
        """The targets as a number a sample, where these are classes."""
        if self._wrong is None or self._outputs is None or self._targets is None:
            return None
        numbers = class_numbers(np.asarray(self._outputs), self._targets)
        return self._targets.ravel() if numbers is None else numbers

    def output(self, sample: int) -> Array | None:
        """Give what the model answers."""
        return None if self._outputs is None else self._outputs[sample]

    def verdict(self, sample: int) -> tuple[float | None, bool | None]:
        """Give the loss, and whether the answer is wrong; None where that is not defined."""
        loss = None if self._losses is None else float(self._losses[sample])
        return loss, None if self._wrong is None else bool(self._wrong[sample])

    def worst(self) -> int:
        """Give the sample with the largest loss; the first without targets."""
        return 0 if self._losses is None else int(np.nan_to_num(self._losses).argmax())

    def found(self, among: str, by: str) -> Array:
        """Give samples: all, the wrong or the right ones, by index, or by loss with the worst first.

        Raises
        ------
        InputError
            If that takes targets that are not there.
        """
        found: Array = np.arange(self._samples)
        if by == "loss":
            if self._losses is None or self._outputs is None:
                msg = "a loss needs a target for each sample: LSTMWidget(..., targets=y)"
                raise InputError(msg)
            # What is no number comes first, unless nothing was expected: that comes last.
            known = expected_of(self._outputs, self._targets).known.reshape(self._samples, -1).any(axis=1)
            badness = np.where(known, np.nan_to_num(self._losses, nan=np.inf), -np.inf)
            found = np.argsort(-badness, kind="stable")
        if among != "all":
            if self._wrong is None:
                msg = "right and wrong need a class as the target of each sample: LSTMWidget(..., targets=y)"
                raise InputError(msg)
            found = found[self._wrong[found] == (among == "wrong")]
        return found

    def nearest(self, sample: int, inputs: Array | None) -> int:
        """Give the sample of the same true class, and right, whose input is most like this one's.

        Raises
        ------
        InputError
            If there are no class targets, or no such sample.
        """
        if self._wrong is None or self._classes is None or inputs is None:
            msg = "the nearest right sample takes one array of inputs and a class for each: LSTMWidget(..., targets=y)"
            raise InputError(msg)
        same = np.flatnonzero((self._classes == self._classes[sample]) & ~self._wrong)
        same = same[same != sample]
        if not len(same):
            msg = f"no other sample of class {self._classes[sample]} is one that the model gets right"
            raise InputError(msg)
        return nearest(inputs, sample, same)
