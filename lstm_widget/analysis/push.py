"""The unit that pushes the answer most."""

from __future__ import annotations

import numpy as np

from lstm_widget.analysis.change import busiest_units
from lstm_widget.layer_trace import LayerTrace


def strongest_unit(layer: LayerTrace, sample: int) -> int:
    """Give the unit with the largest ``|weight x h|`` at the end, where a Dense layer reads h directly.

    Where none does, the unit whose memory changes most in total.
    """
    if layer.readout is not None and layer.keeps("hidden_state"):
        last = layer.hidden_state[sample, 0 if layer.direction == "backward" else -1].astype(np.float64)
        pushes = np.nan_to_num(np.abs(layer.readout.kernel * last[:, None])).max(axis=1)
        if pushes.max() > 0:
            return int(pushes.argmax())
    return int(busiest_units(layer, sample)[0])
