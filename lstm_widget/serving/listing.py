"""What never changes while a widget lives: the layers, the words for their quantities, the colours."""

from __future__ import annotations

from collections.abc import Sequence

from lstm_widget import colours, protocol
from lstm_widget.quantities import QUANTITIES
from lstm_widget.serving.source import Source


def catalogue(source: Source, others: Sequence[Source] = ()) -> protocol.Catalogue:
    """List what there is in a source, or what of it there may be in others, at other steps."""
    traces = [source.at(name, 0)[1] for name in source.layers]
    kinds = {trace.cell for trace in traces}
    return protocol.Catalogue(
        version=protocol.VERSION,
        quantities={
            quantity.name: protocol.Quantity(symbol=quantity.symbol, label=quantity.label, kind=quantity.kind)
            for kind in kinds
            for quantity in QUANTITIES[kind]
        },
        layers=[
            protocol.Layer(
                name=trace.name,
                cell=trace.cell,
                units=trace.units,
                samples=source.samples(trace.name),
                direction=trace.direction,
                activation=trace.activations.get("activation", ""),
                gate_activation=trace.activations.get("recurrent_activation", ""),
                reset_after=trace.reset_after,
                quantities=[quantity.name for quantity in QUANTITIES[trace.cell]],
                weights=any(each.any(trace.name)[1].weights for each in (source, *others)),
            )
            for trace in traces
        ],
        colours=colours.tables(),
    )
