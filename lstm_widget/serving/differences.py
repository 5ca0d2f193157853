"""What keeps traces from being shown as one: layers of other names, kinds or shapes."""

from __future__ import annotations

from collections.abc import Mapping

from lstm_widget.layer_trace import LayerTrace
from lstm_widget.trace import Trace


def differences(traces: Mapping[str, Trace]) -> list[str]:
    """List all that differs between the first trace and the others, in words.

    Examples
    --------
    >>> import lstm_widget as lw
    >>> differences({"before": lw.example(), "after": lw.example()})
    []
    """
    (first, one), *others = traces.items()
    return [line for name, other in others for line in _between(first, one, name, other)]


def _between(first: str, one: Trace, second: str, other: Trace) -> list[str]:
    lines = []
    for holder, has, lacker, lacks in ((first, one, second, other), (second, other, first, one)):
        missing = [layer for layer in has if layer not in lacks]
        if missing:
            lines.append(f"{', '.join(map(repr, missing))} is in {holder!r} and not in {lacker!r}")
    for layer in one:
        if layer in other:
            a, b = _facts(one[layer]), _facts(other[layer])
            lines += [
                f"{layer!r} has {what} {a[what]} in {first!r} and {b[what]} in {second!r}"
                for what in a
                if a[what] != b[what]
            ]
    return lines


def _facts(layer: LayerTrace) -> dict[str, object]:
    return {
        "cell": layer.cell,
        "units": layer.units,
        "timesteps": layer.timesteps,
        "samples": layer.samples,
        "direction": layer.direction,
        "quantities": ", ".join(quantity.symbol for quantity in layer.quantities),
    }
