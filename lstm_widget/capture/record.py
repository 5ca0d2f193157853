"""What a capture writes down. NumPy only: whoever reads it needs no framework."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from lstm_widget.quantities import QUANTITIES, CellKind

if TYPE_CHECKING:
    from lstm_widget.head import Head

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Activation:
    """The layer's own activation, callable on arrays.

    Attributes
    ----------
    name : str
        ``"sigmoid"`` or ``"tanh"`` only for the framework's own functions of that name: the rounding bound knows the
        slope of these two.
    """

    name: str
    function: Callable[[Array], Array]

    def __call__(self, values: Array) -> Array:
        """Apply it."""
        return self.function(values)


@dataclass(frozen=True)
class Cell:
    """The weights of a cell and its own code for one step.

    Arrays have the dtype that the layer computes in. Blocks stand in Keras's order (`quantities.BLOCKS`).

    Attributes
    ----------
    kernel : (features, blocks * units)
    recurrent_kernel : (units, blocks * units)
    bias : (blocks * units,) or None
        For a GRU with ``reset_after`` (2, 3 * units): the input's bias, then the recurrent one.
    activation, gate : Activation
        Keras's ``activation`` and ``recurrent_activation``; a simple cell has no gates and uses one for both.
    step : callable
        ``step(inputs, states) -> states``, all (rows, ...): the layer's own cell, once, with these weights.
    product : callable
        ``product(rows, matrix)``, in float32 or float64: the framework's own, whose threads are awake after a run, so
        that NumPy's need not fight with them for the processor (up to twenty times slower).
    product_eps : float
        Relative rounding of a product of matrices where the layer's device multiplies more coarsely than
        its dtype says; else 0.
    """

    kind: CellKind
    units: int
    kernel: Array
    recurrent_kernel: Array
    bias: Array | None
    activation: Activation
    gate: Activation
    reset_after: bool
    step: Callable[[Array, tuple[Array, ...]], tuple[Array, ...]]
    product: Callable[[Array, Array], Array]
    product_eps: float

    @property
    def eps(self) -> float:
        """Distance from 1 to the next number of the dtype that the layer computes in."""
        return float(_finfo(self.kernel.dtype).eps)

    @property
    def largest(self) -> float:
        """The largest finite number of that dtype."""
        return float(_finfo(self.kernel.dtype).max)

    @property
    def underflow(self) -> float:
        """What is lost however small the result: kernels may take numbers below the smallest normal one for zero.

        Float16 is computed in float32 and only rounded, so there it is the distance from 0 to the next number.
        """
        info = _finfo(self.kernel.dtype)
        return float(info.smallest_subnormal if self.kernel.dtype == np.float16 else info.smallest_normal)

    @cached_property
    def column_squares(self) -> tuple[Array, Array]:
        """Squared length of each column of `kernel` and of `recurrent_kernel`, each with its bias, in float64."""
        by_input, by_h = (np.square(m, dtype=np.float64).sum(axis=0) for m in (self.kernel, self.recurrent_kernel))
        biases = [] if self.bias is None else [np.square(bias, dtype=np.float64) for bias in np.atleast_2d(self.bias)]
        for squares, more in zip((by_input, by_h), biases, strict=False):
            np.add(squares, more, out=squares)
        return by_input, by_h


def _finfo(dtype: np.dtype[Any]) -> Any:
    if dtype.kind == "f":
        return np.finfo(dtype)
    # bfloat16, which NumPy does not know; whoever gives us such an array has ml_dtypes.
    import ml_dtypes  # noqa: PLC0415

    return ml_dtypes.finfo(dtype)  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class LayerRun:
    """One call of one recurrent layer, in **processing order**: index 0 is the step that ran first.

    Attributes
    ----------
    inputs : (sample, timestep, feature)
    initial_state : tuple of (sample, unit)
        One array a state, in the order of `quantities.STATES`.
    mask : (sample, timestep) of bool, or None
        False where the layer computed nothing.
    outputs : (sample, timestep, unit)
        The layer's own h. What stands at masked timesteps has no meaning.
    told : dict of str to (sample, timestep, unit)
        The layer's own other quantities, likewise: all of them, or only its states, or none where fused code ran,
        which gives back nothing but h.
    final_state : tuple of (sample, unit)
        Empty for a part that does not reach the end.
    backward : bool
        Processing order is the reverse of input order.
    outer : tuple of int
        Lengths of the axes that a TimeDistributed folded into the samples, outermost first.
    stateful : bool
        The next batch goes on where this one ended.
    how : str
        How the layer ran, for the certificate.
    readout : Head or None
        The Dense layers that read h, where they are its only readers.
    """

    name: str
    layer: object
    cell: Cell
    inputs: Array
    initial_state: tuple[Array, ...]
    mask: Array | None
    outputs: Array
    told: Mapping[str, Array]
    final_state: tuple[Array, ...]
    backward: bool
    outer: tuple[int, ...]
    stateful: bool
    how: str
    readout: Head | None = None

    @property
    def shape(self) -> tuple[int, int, int]:
        """(samples, timesteps, units)."""
        samples, timesteps, units = self.outputs.shape
        return samples, timesteps, units

    @property
    def tells_all(self) -> bool:
        """True where the layer itself told every quantity, so that no equation needs to be solved."""
        return {q.name for q in QUANTITIES[self.cell.kind]} == {"hidden_state", *self.told}

    def take(self, samples: Array | slice) -> LayerRun:
        """Give the same run with these samples only; a slice copies nothing."""
        return replace(
            self,
            inputs=self.inputs[samples],
            initial_state=tuple(state[samples] for state in self.initial_state),
            mask=None if self.mask is None else self.mask[samples],
            outputs=self.outputs[samples],
            told={name: values[samples] for name, values in self.told.items()},
            final_state=tuple(state[samples] for state in self.final_state),
        )

    def steps(self, steps: slice, before: tuple[Array, ...]) -> LayerRun:
        """Give the same run between two timesteps, from the states before the first of them.

        Unless it reaches the end, it has no final state.
        """
        return replace(
            self,
            inputs=self.inputs[:, steps],
            initial_state=before,
            mask=None if self.mask is None else self.mask[:, steps],
            outputs=self.outputs[:, steps],
            told={name: values[:, steps] for name, values in self.told.items()},
            final_state=self.final_state if steps.stop == self.shape[1] else (),
        )


@dataclass(frozen=True)
class BatchRun:
    """What one batch gave: rows ``start`` to ``start + size`` of the inputs.

    Attributes
    ----------
    layers : list of LayerRun
        In call order.
    outputs : tree of array
        What the model returned.
    seen : list of str
        All recurrent calls, also those that were not wanted.
    """

    start: int
    size: int
    layers: list[LayerRun]
    outputs: Any
    seen: list[str]
