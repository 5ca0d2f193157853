"""Let a cell tell what it computes at each step: besides its output its other states, and its gates.

Keras keeps no gate, but its equations call the cell's activations, each time in the same order, and what those give
back are the gates, as the layer itself computed them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Literal, NamedTuple

import keras

from lstm_widget.capture.keras.cells import kind_of
from lstm_widget.capture.keras.twins import twin
from lstm_widget.quantities import STATES, CellKind

Tell = Literal["output", "states", "gates"]
"""How much a cell tells; each has in it what stands before."""

_GATE, _ACTIVATION = "recurrent_activation", "activation"
_CALLS: dict[CellKind, tuple[tuple[str, str | None], ...]] = {
    "lstm": (
        (_GATE, "input_gate"),
        (_GATE, "forget_gate"),
        (_ACTIVATION, "cell_candidate"),
        (_GATE, "output_gate"),
        (_ACTIVATION, None),  # of the cell state
    ),
    "gru": ((_GATE, "update_gate"), (_GATE, "reset_gate"), (_ACTIVATION, "candidate")),
    "simple_rnn": ((_ACTIVATION, None),),
}
"""The activations that Keras's equations call, and what each gives, from Keras 3.3 to 3.15."""


class Said(NamedTuple):
    """One of the numbers in what a cell gives out, ``size`` of them a step.

    Attributes
    ----------
    cell : int or None
        Which of a stack; None for the output of the stack, which is told once more as a state.
    """

    cell: int | None
    quantity: str
    size: int


class Telling:
    """A cell, or a stack of cells, whose output is followed by what else it computed; in all else the cell itself.

    Attributes
    ----------
    layout : list of Said
        What stands in the output, known once the cell has run.
    """

    def __init__(self, cell: Any, tell: Tell) -> None:
        self._cell = cell
        self._stacked = isinstance(cell, keras.layers.StackedRNNCells)
        self._listeners = [_Listener(part) for part in (cell.cells if self._stacked else [cell])]
        self._running = cell
        if tell == "gates":
            heard = [listener.cell for listener in self._listeners]
            self._running = twin(cell, cells=heard) if self._stacked else heard[0]
        self.layout: list[Said] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cell, name)

    def __call__(self, inputs: Any, states: Any, **_: Any) -> tuple[Any, Any]:
        """Take a step."""
        output, new_states = self._running(inputs, states, training=False)
        first = None if self._stacked else 0
        told = [(Said(first, "hidden_state", int(output.shape[-1])), output)]
        flat = keras.tree.flatten(new_states)
        for number, listener in enumerate(self._listeners):
            own, flat = flat[: listener.states], flat[listener.states :]
            names = [*listener.names_of_states, *(gates := listener.heard())]
            said = list(zip(names, [*own, *gates.values()], strict=True))
            # The output of a single cell is its first state.
            told += [(Said(number, name, int(tensor.shape[-1])), tensor) for name, tensor in said[first is not None :]]
        self.layout = [said for said, _ in told]
        return keras.ops.concatenate([tensor for _, tensor in told], axis=-1), new_states


class _Listener:
    """One cell, as a twin whose activations are overheard."""

    def __init__(self, cell: Any) -> None:
        self._kind = kind_of(cell)
        self._calls: list[tuple[str, Any]] = []
        roles = () if self._kind is None else tuple(role for role in (_GATE, _ACTIVATION) if role in vars(cell))
        self.cell = twin(cell, **{r: partial(self._call, r, getattr(cell, r)) for r in roles}) if roles else cell
        self.states = len(keras.tree.flatten(cell.state_size))

    @property
    def names_of_states(self) -> list[str]:
        return [f"state {k}" for k in range(self.states)] if self._kind is None else list(STATES[self._kind])

    def _call(self, role: str, function: Callable[[Any], Any], values: Any) -> Any:
        result = function(values)
        self._calls.append((role, result))
        return result

    def heard(self) -> dict[str, Any]:
        """Give the gates of the step that just ran; none where its calls were not those that are known."""
        calls, self._calls = self._calls, []
        known = () if self._kind is None else _CALLS[self._kind]
        if [role for role, _ in calls] != [role for role, _ in known]:
            return {}
        return {name: result for (_, name), (_, result) in zip(known, calls, strict=True) if name is not None}
