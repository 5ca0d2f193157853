"""What the gates of one unit are made of: what the input adds, what the recurrence adds, the bias."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lstm_widget.capture.record import Array
from lstm_widget.layer_trace import LayerTrace
from lstm_widget.quantities import BLOCKS, STATES


@dataclass(frozen=True)
class Parts:
    """The summands of the pre-activations of one unit, and the states that it was handed.

    NaN where a timestep is masked: nothing was added up there.

    Attributes
    ----------
    by_input, by_recurrence, bias : dict of str to (timestep,)
        By gate, as `gates_apart` names them; their sum is the pre-activation. But for the candidate of a GRU with
        ``reset_after``: there it is ``by_input + r * by_recurrence + bias``, as the reset gate comes after the product.
    previous : dict of str to (timestep,)
        By state, as `states_kept` names them: what each timestep was handed.
    """

    by_input: dict[str, Array]
    by_recurrence: dict[str, Array]
    bias: dict[str, Array]
    previous: dict[str, Array]


def gates_apart(layer: LayerTrace) -> list[str]:
    """Name the gates that can be taken apart, in Keras's order: all, where what they were made of was kept."""
    if not layer.weights or not layer.keeps("hidden_state"):
        return []
    reset_first = layer.cell == "gru" and not layer.reset_after
    return [gate for gate in BLOCKS[layer.cell] if not reset_first or gate != "candidate" or layer.keeps("reset_gate")]


def states_kept(layer: LayerTrace) -> list[str]:
    """Name the states of the layer that were kept, in Keras's order."""
    return [state for state in STATES[layer.cell] if layer.keeps(state)]


def parts(layer: LayerTrace, sample: int, unit: int, start: int, stop: int) -> Parts:
    """Take the gates of one unit apart, at timesteps ``start`` to ``stop``.

    Only what is asked for is read: the trace may be a map of a file that is larger than memory.

    Parameters
    ----------
    layer : LayerTrace
    sample, unit : int
    start, stop : int

    Examples
    --------
    >>> import lstm_widget as lw
    >>> layer = lw.example().only
    >>> f = "forget_gate"
    >>> p = parts(layer, sample=4, unit=1, start=2, stop=5)
    >>> total = p.by_input[f] + p.by_recurrence[f] + p.bias[f]
    >>> bool((abs(total - layer.preactivation(f)[4, 2:5, 1]) < 1e-5).all())
    True
    """
    steps = slice(start, stop)
    masked = np.zeros(stop - start, bool) if layer.mask is None else ~layer.mask[sample, steps]
    gates, states = gates_apart(layer), states_kept(layer)
    handed_on = {state: layer.previous(state, sample, steps) for state in states}

    def unmasked(values: Array | float) -> Array:
        return np.where(masked, np.nan, values)

    found = Parts({}, {}, {}, {})
    # What overflows in the layer overflows here.
    with np.errstate(invalid="ignore", over="ignore"):
        for gate in gates:
            weights, handed = layer.weights[gate], handed_on["hidden_state"]
            bias, recurrent_bias = _at(weights.input_bias, unit), _at(weights.recurrent_bias, unit)
            inside = 0.0
            if gate == "candidate" and layer.reset_after:
                # The reset gate multiplies this bias as well.
                inside, recurrent_bias = recurrent_bias, 0.0
            elif gate == "candidate":
                handed = layer["reset_gate"][sample, steps] * handed
            found.by_input[gate] = unmasked(layer.inputs[sample, steps] @ weights.kernel[:, unit])
            found.by_recurrence[gate] = unmasked(handed @ weights.recurrent_kernel[:, unit] + inside)
            found.bias[gate] = unmasked(bias + recurrent_bias)
    for state in states:
        found.previous[state] = unmasked(handed_on[state][:, unit])
    return found


def _at(bias: Array | None, unit: int) -> float:
    return 0.0 if bias is None else float(bias[unit])
