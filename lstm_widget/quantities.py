"""The one table of what a recurrent cell computes: words, symbols, kinds. The browser receives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lstm_widget.errors import LayerNotFoundError

CellKind = Literal["lstm", "gru", "simple_rnn"]


@dataclass(frozen=True)
class Quantity:
    """A value that a cell computes for every sample, timestep and unit.

    Attributes
    ----------
    name : str
        The attribute of a `LayerTrace`, such as ``"forget_gate"``.
    symbol : str
        One letter, such as ``"f"``.
    kind : {"gate", "signed"}
        A gate lies in 0..1 under a sigmoid; a signed quantity lies round zero.
    """

    name: str
    symbol: str
    kind: Literal["gate", "signed"]

    @property
    def label(self) -> str:
        """The name as people write it: ``"forget gate"``."""
        return self.name.replace("_", " ")


_HIDDEN_STATE = Quantity("hidden_state", "h", "signed")

QUANTITIES: dict[CellKind, tuple[Quantity, ...]] = {
    "lstm": (
        Quantity("input_gate", "i", "gate"),
        Quantity("forget_gate", "f", "gate"),
        Quantity("cell_candidate", "g", "signed"),
        Quantity("output_gate", "o", "gate"),
        Quantity("cell_state", "c", "signed"),
        _HIDDEN_STATE,
    ),
    "gru": (
        Quantity("update_gate", "z", "gate"),
        Quantity("reset_gate", "r", "gate"),
        Quantity("candidate", "g", "signed"),
        _HIDDEN_STATE,
    ),
    "simple_rnn": (_HIDDEN_STATE,),
}

STATES: dict[CellKind, tuple[str, ...]] = {
    "lstm": ("hidden_state", "cell_state"),
    "gru": ("hidden_state",),
    "simple_rnn": ("hidden_state",),
}
"""What a cell hands on from one timestep to the next, in Keras's order."""

BLOCKS: dict[CellKind, tuple[str, ...]] = {
    "lstm": ("input_gate", "forget_gate", "cell_candidate", "output_gate"),
    "gru": ("update_gate", "reset_gate", "candidate"),
    "simple_rnn": ("hidden_state",),
}
"""The blocks of Keras's fused ``kernel``, ``recurrent_kernel`` and ``bias``, left to right."""


def find(cell: CellKind, name: str) -> Quantity:
    """Give the quantity of that name or symbol.

    Raises
    ------
    LayerNotFoundError
        If the cell has none.

    Examples
    --------
    >>> find("lstm", "f").name
    'forget_gate'
    """
    for quantity in QUANTITIES[cell]:
        if name in (quantity.name, quantity.symbol):
            return quantity
    known = ", ".join(f"{q.name} ({q.symbol})" for q in QUANTITIES[cell])
    msg = f"{name!r} is no quantity of a cell of kind {cell!r}; it has {known}"
    raise LayerNotFoundError(msg)
