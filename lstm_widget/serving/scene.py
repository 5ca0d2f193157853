"""What the selected layer and sample look like, piece by piece; the shelf puts the pieces together."""

from __future__ import annotations

import numpy as np

from lstm_widget.capture.record import Array
from lstm_widget.layer_trace import LayerTrace
from lstm_widget.protocol import Block, Proof, SeriesBlock, Span
from lstm_widget.serving import blocks
from lstm_widget.serving.blank import Uncertified

_MAX_FEATURES = 32
"""More lines than that, one over the other, say nothing."""
_ROWS = 1000
"""Timesteps enough to tell how large numbers are as a rule."""
_ON_SCREEN = 64
"""Rows of the map, a few more than the usual height shows. Others are asked for when they are scrolled to."""


def ranges(layer: LayerTrace) -> dict[str, tuple[float, float]]:
    """Give the colour limits of each quantity: fixed where its activation bounds it, else from the layer's numbers."""
    limits: dict[str, tuple[float, float]] = {}
    bounded = {
        "gate": layer.activations["recurrent_activation"] in ("sigmoid", "hard_sigmoid"),
        "signed": layer.activations["activation"] in ("tanh", "sigmoid", "softsign", "hard_tanh"),
    }
    for quantity in layer.quantities:
        if quantity.kind == "gate" and bounded["gate"]:
            limits[quantity.name] = (0.0, 1.0)
        elif quantity.name != "cell_state" and bounded["signed"]:
            limits[quantity.name] = (-1.0, 1.0)
        else:
            limit = _typical(layer[quantity.name])
            limits[quantity.name] = (-limit, limit)
    return limits


def masked_spans(mask: Array | None) -> list[Span]:
    """Give the stretches of a (timestep,) mask that are masked."""
    if mask is None:
        return []
    edges = np.flatnonzero(np.diff(np.concatenate([[True], mask, [True]]).astype(np.int8)))
    return [(int(start), int(stop)) for start, stop in edges.reshape(-1, 2)]


def unmasked_window(mask: Array | None, timesteps: int) -> Span:
    """Give the smallest window that holds every unmasked timestep."""
    computed = np.arange(timesteps) if mask is None else np.flatnonzero(mask)
    return (int(computed[0]), int(computed[-1]) + 1) if len(computed) else (0, timesteps)


def proof(layer: LayerTrace, errors: SeriesBlock | None) -> Proof | None:
    """Give the certificate as the badge shows it; None where there is none."""
    certificate = layer.certificate
    if isinstance(certificate, Uncertified):
        return None
    return Proof(
        max_abs_error=certificate.max_abs_error,
        tolerance=certificate.tolerance,
        compared=certificate.compared + (", when it was saved" if certificate.loaded else ""),
        run=certificate.run,
        empty=not certificate.says_anything,
        odd=certificate.odd,
        errors=errors,
    )


def input_lines(series: Array | None, features: list[str] | None) -> tuple[Array, list[str]] | None:
    """Give the input as (timestep, feature) lines with names; None where it is nothing that can be drawn."""
    if series is None or series.dtype.kind not in "fiu" or series.ndim > 2:  # noqa: PLR2004
        return None
    lines: Array = series.reshape(len(series), -1)[:, :_MAX_FEATURES]
    count = lines.shape[1]
    names = features or [f"x{k}" if count > 1 else "x" for k in range(count)]
    return lines, names[:count]


def widest(layer: LayerTrace, order: list[int], room: int) -> Block:
    """Choose what travels with the scene: everything where it fits, else the map's first rows, thinned in time."""
    block = Block(
        quantities=[quantity.name for quantity in layer.quantities],
        units=list(range(layer.units)),
        start=0,
        stop=layer.timesteps,
        stride=1,
    )
    if blocks.size(block) <= room:
        return block
    block["units"] = order[:_ON_SCREEN]
    column = 4 * blocks.STATISTICS * len(block["quantities"]) * len(block["units"])
    block["stride"] = max(2, -(-layer.timesteps // max(1, room // column)))
    return block


def _typical(values: Array) -> float:
    """Give the 99.5th percentile of the absolute values, of about a million of them at most."""
    samples, timesteps, units = values.shape
    apart = max(1, -(-samples * units * timesteps // 1_000_000))
    # Timesteps first: that they resemble their neighbours is the rule, for samples it would be an accident.
    few = min(apart, max(1, timesteps // _ROWS))
    some = np.abs(values[:: max(1, apart // few), ::few])
    some = some[np.isfinite(some)]
    limit = float(np.percentile(some, 99.5)) if some.size else 1.0
    return limit if limit > 0 else 1.0
