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
        By gate, in Keras's order; their sum is the pre-activation. But for the candidate of a GRU with
        ``reset_after``: there it is ``by_input + r * by_recurrence + bias``, as the reset gate comes after the product.
    previous : dict of str to (timestep,)
        By state: what each timestep was handed.
    """

    by_input: dict[str, Array]
    by_recurrence: dict[str, Array]
    bias: dict[str, Array]
    previous: dict[str, Array]


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
    x, h_prev = layer.inputs[sample, steps], layer.previous("h", sample, steps)

    def unmasked(values: Array | float) -> Array:
        return np.where(masked, np.nan, values)

    found = Parts({}, {}, {}, {})
    # What overflows in the layer overflows here.
    with np.errstate(invalid="ignore", over="ignore"):
        for gate in BLOCKS[layer.cell]:
            weights, handed = layer.weights[gate], h_prev
            bias, recurrent_bias = _at(weights.input_bias, unit), _at(weights.recurrent_bias, unit)
            inside = 0.0
            if gate == "candidate" and layer.reset_after:
                # The reset gate multiplies this bias as well.
                inside, recurrent_bias = recurrent_bias, 0.0
            elif gate == "candidate":
                handed = layer["reset_gate"][sample, steps] * h_prev
            found.by_input[gate] = unmasked(x @ weights.kernel[:, unit])
            found.by_recurrence[gate] = unmasked(handed @ weights.recurrent_kernel[:, unit] + inside)
            found.bias[gate] = unmasked(bias + recurrent_bias)
    for state in STATES[layer.cell]:
        handed = h_prev if state == "hidden_state" else layer.previous(state, sample, steps)
        found.previous[state] = unmasked(handed[:, unit])
    return found


def _at(bias: Array | None, unit: int) -> float:
    return 0.0 if bias is None else float(bias[unit])
