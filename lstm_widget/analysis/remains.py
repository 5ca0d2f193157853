"""How much of an earlier write is still there."""

from __future__ import annotations

import numpy as np

from lstm_widget.capture.record import Array
from lstm_widget.errors import LayerNotFoundError
from lstm_widget.layer_trace import LayerTrace


def remains(layer: LayerTrace, sample: int, unit: int, timestep: int) -> Array:
    """Give the share of what each timestep wrote that is left at one timestep: the product of all forget gates since.

    The cell state is a sum of all writes, each times this share: ``c_t = sum over s of share_s i_s g_s`` (and what
    is left of the initial state), which follows from ``c = f c_prev + i g`` (Gers et al. 2000). For a GRU the update
    gate keeps h.

    Parameters
    ----------
    layer : LayerTrace
        Of an LSTM or GRU.
    sample, unit, timestep : int
        ``timestep`` is where one looks back from.

    Returns
    -------
    (timestep,) of float64
        In 0..1 under a sigmoid; 1 at ``timestep`` itself, 0 at what the layer reads later. Masked timesteps keep
        everything, and their own share is that of a write that did not happen.

    Raises
    ------
    LayerNotFoundError
        If no gate keeps the memory of this cell.

    Examples
    --------
    >>> import lstm_widget as lw
    >>> from lstm_widget.analysis.remains import remains
    >>> layer = lw.example().only
    >>> share = remains(layer, 0, 3, timestep=4)
    >>> float(share[4])
    1.0
    >>> bool(np.isclose(share[3], layer["f"][0, 4, 3]))
    True
    """
    keeps = {"lstm": "forget_gate", "gru": "update_gate"}.get(layer.cell)
    if keeps is None:
        msg = f"no gate of a {layer.cell} keeps its memory; this is for LSTM and GRU layers"
        raise LayerNotFoundError(msg)
    shares = np.zeros(layer.timesteps)
    order = slice(timestep, None) if layer.direction == "backward" else slice(timestep, None, -1)
    kept = layer[keeps][sample, order, unit].astype(np.float64)
    # In float64 the product goes down to 1e-308: nothing that one could see is lost, and a gate at 0 ends it exactly.
    shares[order] = np.concatenate([[1.0], np.cumprod(np.where(np.isnan(kept), 1.0, kept))[:-1]])
    return shares
