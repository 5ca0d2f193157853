"""What one recurrent layer did: every quantity at every sample, timestep and unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from lstm_widget.capture.record import Array
from lstm_widget.errors import LayerNotFoundError
from lstm_widget.head import Head
from lstm_widget.quantities import BLOCKS, QUANTITIES, STATES, CellKind, Quantity, find
from lstm_widget.sliceable import Sliceable
from lstm_widget.verification.certificate import Certificate
from lstm_widget.weights import GateWeights


@dataclass(frozen=True)
class Origin:
    """Which input row and step each cell of a `LayerTrace` came from.

    Attributes
    ----------
    rows : (sample,) of int
        Input row in which each sample begins.
    steps : int
        Timesteps of one row.
    stride : int
        A stateful layer goes on, after ``steps`` timesteps, this many rows further down.
    outer : tuple of int
        Lengths of the axes that a TimeDistributed folded into the samples.
    """

    rows: Array
    steps: int
    stride: int = 0
    outer: tuple[int, ...] = ()

    def index(self, sample: int, timestep: int) -> tuple[int, ...]:
        """Give the index into the model's input: (row, step), or (row, outer ..., step)."""
        within = sample % int(np.prod(self.outer, dtype=int))
        row = int(self.rows[sample]) + timestep // self.steps * self.stride
        return (row, *map(int, np.unravel_index(within, self.outer) if self.outer else ()), timestep % self.steps)


class LayerTrace:
    """What one recurrent layer did, in input order: index t belongs to input position t.

    Quantities are attributes, and keys by name or symbol: ``lt.forget_gate is lt["f"]``. All are read-only
    arrays of shape (sample, timestep, unit). At masked timesteps gates are NaN and states the carried ones.
    Whatever `extract` makes has all quantities and weights; a step of a `Recording` may have been told to keep fewer.

    Attributes
    ----------
    name : str
        The model's own name of the layer, such as ``"bidirectional/forward_lstm"``.
    cell : {"lstm", "gru", "simple_rnn"}
    units : int
    direction : {"forward", "backward"}
        The way the layer reads.
    mask : (sample, timestep) of bool, or None
        False where the layer computed nothing.
    inputs : (sample, timestep, feature)
        What the layer was given.
    initial_state : dict of str to (sample, unit)
    weights : dict of str to GateWeights
    activations : dict of str to str
        Names of Keras's ``activation`` and ``recurrent_activation``.
    reset_after : bool
        The variant of a GRU.
    readout : Head or None
        The Dense layers that read h directly, where they are its only readers.
    certificate : Certificate
    origin : Origin
    rounded_to : str or None
        Name of a shorter dtype in which the quantities were kept after they were proved: no longer the exact numbers.

    Examples
    --------
    >>> import lstm_widget as lw
    >>> layer = lw.example().only
    >>> layer["f"].shape == (layer.samples, layer.timesteps, layer.units)
    True
    """

    input_gate: Array
    forget_gate: Array
    cell_candidate: Array
    output_gate: Array
    cell_state: Array
    update_gate: Array
    reset_gate: Array
    candidate: Array
    hidden_state: Array

    def __init__(
        self,
        *,
        name: str,
        cell: CellKind,
        direction: Literal["forward", "backward"],
        values: Mapping[str, Array],
        mask: Array | None,
        inputs: Array,
        initial_state: Mapping[str, Array],
        weights: Mapping[str, GateWeights],
        activations: Mapping[str, str],
        reset_after: bool,
        readout: Head | None,
        certificate: Certificate,
        origin: Origin,
        rounded_to: str | None = None,
    ) -> None:
        self.name = name
        self.cell: CellKind = cell
        self.direction = direction
        self.mask = _read_only(mask)
        self.inputs = _read_only(inputs)
        self.initial_state = {key: _read_only(state) for key, state in initial_state.items()}
        self.weights = dict(weights)
        self.activations = dict(activations)
        self.reset_after = reset_after
        self.readout = readout
        self.certificate = certificate
        self.origin = origin
        self.rounded_to = rounded_to
        self._values: dict[str, Array] = {
            quantity.name: _read_only(values[quantity.name]) for quantity in QUANTITIES[cell] if quantity.name in values
        }
        if not self._values:
            known = ", ".join(f"{q.name} ({q.symbol})" for q in QUANTITIES[cell])
            msg = f"none of the quantities of layer {name!r} would be kept; keep one of {known}, or leave the layer out"
            raise LayerNotFoundError(msg)

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """What there is, in the order of the table in `lstm_widget.quantities`."""
        return tuple(quantity for quantity in QUANTITIES[self.cell] if quantity.name in self._values)

    @property
    def shape(self) -> tuple[int, int, int]:
        """(samples, timesteps, units)."""
        samples, timesteps, units = map(int, next(iter(self._values.values())).shape)
        return samples, timesteps, units

    @property
    def samples(self) -> int:
        """How many samples."""
        return self.shape[0]

    @property
    def timesteps(self) -> int:
        """How many timesteps."""
        return self.shape[1]

    @property
    def units(self) -> int:
        """How many units."""
        return self.shape[2]

    def __getitem__(self, quantity: str) -> Array:
        name = find(self.cell, quantity).name
        if name not in self._values:
            msg = f"{name!r} of layer {self.name!r} was not kept, only {', '.join(self._values)}"
            raise LayerNotFoundError(msg)
        return self._values[name]

    def keeps(self, quantity: str) -> bool:
        """Say whether the numbers of a quantity are here: a step of a `Recording` may have been told to keep fewer."""
        return find(self.cell, quantity).name in self._values

    def __getattr__(self, name: str) -> Array:
        values: dict[str, Array] = self.__dict__.get("_values", {})
        if name in values:
            return values[name]
        msg = f"a {self.__dict__.get('cell', '?')} layer trace has no attribute {name!r}; it has {', '.join(values)}"
        raise AttributeError(msg)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self._values})

    def previous(
        self, quantity: str, sample: int | None = None, timesteps: slice = slice(None), units: slice = slice(None)
    ) -> Array:
        """Give the state that each timestep was handed, in the order in which the layer reads.

        In a backward layer c_prev at t is c at t + 1; after masked steps it is the carried state; at the start
        it is the initial state.

        Parameters
        ----------
        quantity : str
            A state: ``"h"``, or ``"c"`` of an LSTM.
        sample : int, optional
            Only this sample.
        timesteps, units : slice, optional
            Only what these were handed. Nothing else is read of a trace that is a memory map.

        Returns
        -------
        (sample, timestep, unit), or (timestep, unit) of one sample

        Raises
        ------
        LayerNotFoundError
            If it is no state of this cell: a gate is not handed on.
        """
        name = find(self.cell, quantity).name
        if name not in STATES[self.cell]:
            msg = (
                f"{name!r} is not handed on from step to step; states of this layer are {', '.join(STATES[self.cell])}"
            )
            raise LayerNotFoundError(msg)
        chosen = slice(None) if sample is None else slice(sample, sample + 1)
        source = self._handed_on(timesteps)
        if len(source) and source[0] >= 0 and (np.diff(source) == 1).all():
            # As a slice, which copies nothing.
            before = self[name][chosen, source[0] : source[-1] + 1, units]
        else:
            before = self[name][chosen, source, units]
            before[:, source < 0] = self.initial_state[name][chosen, None, units]
        return _read_only(before if sample is None else before[0])  # type: ignore[no-any-return]

    def _handed_on(self, timesteps: slice) -> Array:
        """Give, for each of these timesteps, the one whose state it was handed; negative at the start."""
        chosen, steps = np.arange(*timesteps.indices(self.timesteps)), self.origin.steps
        if self.direction == "forward":
            return chosen - 1
        # Each row is read from its end; a stateful layer then goes on at the end of the next row.
        ends_row = (chosen + 1) % steps == 0
        return chosen + 1 - np.where(ends_row, 2 * steps, 0)

    def preactivation(self, quantity: str) -> Array:
        """Give what goes into the sigmoid or tanh: ``x @ kernel + h_prev @ recurrent_kernel + bias``.

        Parameters
        ----------
        quantity : str
            Anything with weights of its own: a gate, a candidate, or h of a simple cell.

        Returns
        -------
        (sample, timestep, unit)
            NaN at masked timesteps.

        Raises
        ------
        LayerNotFoundError
            If it has no weights: c, and h of an LSTM or GRU.
        """
        name = find(self.cell, quantity).name
        if name not in BLOCKS[self.cell]:
            msg = f"{name!r} has no pre-activation; those that have are {', '.join(BLOCKS[self.cell])}"
            raise LayerNotFoundError(msg)
        if name not in self.weights:
            msg = f"the weights of layer {self.name!r} were not kept, and {name!r} has no pre-activation without them"
            raise LayerNotFoundError(msg)
        w, h_prev = self.weights[name], self.previous("h")
        by_input = self.inputs @ w.kernel
        by_input = by_input if w.input_bias is None else by_input + w.input_bias
        if name == "candidate" and not self.reset_after:
            recurrent = (self["reset_gate"] * h_prev) @ w.recurrent_kernel
        else:
            recurrent = h_prev @ w.recurrent_kernel
            recurrent = recurrent if w.recurrent_bias is None else recurrent + w.recurrent_bias
            recurrent = self["reset_gate"] * recurrent if name == "candidate" else recurrent
        total: Array = by_input + recurrent
        return total if self.mask is None else np.where(self.mask[..., None], total, np.nan)

    def __repr__(self) -> str:
        from lstm_widget.tables import layer_text  # noqa: PLC0415  (reads this class)

        return layer_text(self)

    def _repr_html_(self) -> str:
        from lstm_widget.tables import layer_html  # noqa: PLC0415

        return layer_html(self)


def _read_only(array: Any) -> Any:
    if array is None or isinstance(array, Sliceable):
        return array
    if not isinstance(array, np.ndarray):
        return Sliceable(array)
    array = array.view()
    array.flags.writeable = False
    return array
