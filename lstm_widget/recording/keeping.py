"""What of a trace a step keeps, so that a long training fits into memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from lstm_widget.errors import LayerNotFoundError
from lstm_widget.layer_trace import LayerTrace
from lstm_widget.quantities import QUANTITIES
from lstm_widget.trace import Trace


@dataclass(frozen=True)
class Keeping:
    """What was asked for.

    Attributes
    ----------
    quantities : names or symbols, or None for all
    weights : bool
    float16 : bool
        Round the quantities to half the bytes, after they were proved.
    """

    quantities: Sequence[str] | None
    weights: bool
    float16: bool

    def of(self, trace: Trace) -> Trace:
        """Give a trace of no more than this.

        Raises
        ------
        LayerNotFoundError
            If nothing would be left of a layer.
        """
        objects = {name: live for name in trace if (live := trace.live(name)) is not None}
        layers = {name: self._of_layer(layer) for name, layer in trace.items()}
        return Trace(layers, inputs=trace.inputs, outputs=trace.outputs, objects=objects)

    def _of_layer(self, layer: LayerTrace) -> LayerTrace:
        names = [q.name for q in layer.quantities if self.quantities is None or {q.name, q.symbol} & {*self.quantities}]
        # Beyond 65,504 float16 is infinite: that is what rounding to it means.
        with np.errstate(over="ignore"):
            values = {name: layer[name].astype(np.float16) if self.float16 else layer[name] for name in names}
        return LayerTrace(
            name=layer.name,
            cell=layer.cell,
            direction=layer.direction,
            values=values,
            mask=layer.mask,
            inputs=layer.inputs,
            initial_state=layer.initial_state,
            weights=layer.weights if self.weights else {},
            activations=layer.activations,
            reset_after=layer.reset_after,
            readout=layer.readout,
            certificate=layer.certificate,
            origin=layer.origin,
            rounded_to="float16" if self.float16 else None,
        )


def named(quantities: Iterable[str] | str) -> tuple[str, ...]:
    """List names or symbols of quantities; a single one may stand alone.

    Raises
    ------
    LayerNotFoundError
        If one of them is a quantity of no cell.
    """
    wanted = (quantities,) if isinstance(quantities, str) else tuple(quantities)
    known = {quantity.name: quantity.symbol for cell in QUANTITIES.values() for quantity in cell}
    for name in wanted:
        if name not in {*known, *known.values()}:
            listed = ", ".join(f"{each} ({symbol})" for each, symbol in known.items())
            msg = f"quantities: {name!r} is no quantity of a cell; there are {listed}"
            raise LayerNotFoundError(msg)
    return wanted
