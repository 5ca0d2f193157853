"""How often gates are shut or open: a saturated gate is a switch, and learns slowly."""

from __future__ import annotations

import numpy as np

from lstm_widget.analysis.change import busiest_units
from lstm_widget.analysis.memory import computed
from lstm_widget.analysis.stretches import stretches
from lstm_widget.capture.record import Array
from lstm_widget.layer_trace import LayerTrace

SHUT, OPEN = 0.1, 0.9
"""A gate below the one is shut, above the other it is open (Karpathy, Johnson and Fei-Fei, 2015)."""


def gates_of(layer: LayerTrace) -> list[str]:
    """Name the gates of a layer, in the order of the table in `lstm_widget.quantities`."""
    return [quantity.name for quantity in layer.quantities if quantity.kind == "gate"]


def saturation(layer: LayerTrace, sample: int) -> Array:
    """Give how often each gate of each unit is shut, and how often open.

    Parameters
    ----------
    layer : LayerTrace
    sample : int

    Returns
    -------
    (gate, 2, unit)
        Share of the timesteps below 0.1, share above 0.9; gates as in `gates_of`. Masked timesteps do not count.

    Examples
    --------
    >>> import lstm_widget as lw
    >>> shut, opened = saturation(lw.example().only, 0)[gates_of(lw.example().only).index("forget_gate")]
    >>> bool(((shut + opened) <= 1).all())
    True
    """
    counted = computed(layer, sample)
    shares: Array = np.zeros((len(gates_of(layer)), 2, layer.units))
    for gate, name in enumerate(gates_of(layer)):
        for steps in stretches(layer):
            values = layer[name][sample, steps]
            # Comparisons with NaN are False: what is masked is neither shut nor open.
            shares[gate] += (values < SHUT).sum(axis=0), (values > OPEN).sum(axis=0)
    shares /= max(1, counted.sum())
    return shares


def most_saturated_units(layer: LayerTrace, sample: int) -> Array:
    """Order the units by how often their gates are shut or open, most first; by `change` where there are no gates."""
    if not gates_of(layer):
        return busiest_units(layer, sample)
    order: Array = np.argsort(-saturation(layer, sample).sum(axis=(0, 1)), kind="stable")
    return order
