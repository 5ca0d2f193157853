"""What a model makes of h: the Dense layers behind a recurrent one, as numbers that need no framework."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lstm_widget.capture.record import Array


def _softmax(z: Array) -> Array:
    powers: Array = np.exp(z - z.max(axis=-1, keepdims=True))
    total: Array = powers / powers.sum(axis=-1, keepdims=True)
    return total


ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "linear": lambda z: z,
    "relu": lambda z: np.maximum(z, 0),
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "softmax": _softmax,
    "tanh": np.tanh,
}
"""Those whose Keras namesakes are known to be the same function."""


@dataclass(frozen=True)
class DenseStep:
    """``activation(x @ kernel + bias)``.

    Attributes
    ----------
    kernel : (inputs, outputs)
    bias : (outputs,) or None
    activation : str
        A name out of `ACTIVATIONS`.
    """

    kernel: Array
    bias: Array | None
    activation: str


@dataclass(frozen=True)
class Head:
    """The Dense layers that read h one after the other.

    Attributes
    ----------
    steps : tuple of DenseStep
        At least one; the first reads h.
    every : bool
        They read h at every timestep, not only the last.
    complete : bool
        They lead up to the model's output, so that calling the head gives what the model answers.
    """

    steps: tuple[DenseStep, ...]
    every: bool
    complete: bool

    @property
    def kernel(self) -> Array:
        """(unit, output): what the first layer makes of each unit."""
        return self.steps[0].kernel

    def __call__(self, h: Array) -> Array:
        """Answer for (timestep, unit) of h, in float64: (timestep, output)."""
        values = h.astype(np.float64)
        with np.errstate(over="ignore", invalid="ignore"):
            for step in self.steps:
                values = values @ step.kernel if step.bias is None else values @ step.kernel + step.bias
                values = ACTIVATIONS[step.activation](values)
        return values
