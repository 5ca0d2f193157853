"""One unit over time, a track a quantity: gates as areas on 0..1, the memory with what is written and erased."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from matplotlib.collections import PolyCollection

from lstm_widget.capture.record import Array
from lstm_widget.colours import NAN
from lstm_widget.export.figure.marks import hatched
from lstm_widget.export.figure.paper import INK, QUIET, RULE, SMALL, TEXT, Band, signed
from lstm_widget.export.figure.window import Window
from lstm_widget.quantities import Quantity

_HEIGHT, _TALL = 0.27, 0.5
_GUTTER = 70
"""Points for the names."""
_MOST = 64
"""The bars of most timesteps are much smaller than the memory itself: they are magnified, by a power of two."""
_KEEPER = {"lstm": ("cell_state", "forget_gate"), "gru": ("hidden_state", "update_gate")}
"""The memory, and what keeps it."""
_HOLLOW = 80
"""With more timesteps than this, a bar has no room to be hollow by itself: one line goes round them all."""


def tracks(window: Window, quantities: list[Quantity], units: list[int]) -> list[Band]:
    """Give a band a quantity, of the first of the units; the others are thin lines over it."""
    memory = _memory(window)
    return [
        Band(_TALL if quantity.name == memory else _HEIGHT, 0.04, partial(_track, window, quantity, units))
        for quantity in quantities
    ]


def _memory(window: Window) -> str | None:
    """Give the quantity that is written and erased; a simple cell has none, and without its keeper nothing is known."""
    needed = _KEEPER.get(window.layer.cell, ())
    return needed[0] if needed and all(map(window.layer.keeps, needed)) else None


def _track(window: Window, quantity: Quantity, units: list[int], axes: Any) -> None:
    low, high = window.limits[quantity.name]
    hue = window.hue(quantity.name)
    margin = 0.04 * (high - low)
    axes.set_ylim(low - margin, high + margin)
    axes.axhline(0, color=RULE, linewidth=0.5, zorder=0)
    if quantity.kind == "gate":
        axes.axhline(0.5, color="#a0a0a0", linewidth=0.5, linestyle=(0, (2, 2)), zorder=0)
    hatched(axes, window.masked(), (low - margin, high + margin))
    for column in np.flatnonzero(window.strange(quantity.name, units[:1])[0]):
        t = window.start + column * window.stride
        axes.axvspan(t - 0.5, t + window.stride - 0.5, color=NAN, linewidth=0, zorder=0)
    has_bars = quantity.name == _memory(window) and window.stride == 1
    _name(axes, quantity, hue, _bars(window, units[0], high, axes) if has_bars else "")
    mean, least, most = window.rows(quantity.name, units)
    middles = window.middles()
    for row in mean[1:]:
        for x, y in runs(middles, row):
            axes.plot(x, y, color=QUIET, linewidth=0.6, alpha=0.75)
    if quantity.kind == "gate":
        for x, y in runs(middles, mean[0]):
            axes.fill_between(x, y, 0, color=hue, alpha=0.22, linewidth=0)
    if window.stride > 1:
        axes.fill_between(middles, least[0], most[0], color=hue, alpha=0.22, linewidth=0)
    for x, y in runs(middles, mean[0]):
        axes.plot(x, y, color=hue, linewidth=1, solid_joinstyle="round")
    write_limits(axes, (low, high), window.beyond(quantity.name, units[:1]))


def _name(axes: Any, quantity: Quantity, hue: str, below: str) -> None:
    """Write the name beside the track, and under it what bars mean: on the track the words would lie on the line."""
    up = 8 if below else 0
    at = {"xycoords": "axes fraction", "textcoords": "offset points", "fontsize": TEXT}
    name = at | {"va": "center"}
    axes.annotate(quantity.symbol, (0, 0.5), (-_GUTTER, up), color=hue, fontstyle="italic", fontweight="bold", **name)
    axes.annotate(quantity.label, (0, 0.5), (10 - _GUTTER, up), color=INK, **name)
    if below:
        axes.annotate(below, (0, 0.5), (10 - _GUTTER, 2), color=QUIET, **at | {"va": "top", "fontsize": SMALL})


def write_limits(axes: Any, limits: tuple[float, float], beyond: tuple[bool, bool]) -> None:
    """Write the scale at the right; a line that would leave its track is said there."""
    at = {"xycoords": "axes fraction", "textcoords": "offset points", "fontsize": SMALL, "color": QUIET}
    low, high = (signed(f"{limit:.2g}") for limit in limits)
    axes.annotate(f"> {high}" if beyond[1] else high, (1, 1), (3, 0), va="top", **at)
    axes.annotate(f"< {low}" if beyond[0] else low, (1, 0), (3, 0), va="bottom", **at)


def runs(x: Array, y: Array) -> list[tuple[Array, Array]]:
    """Cut a line where there is no number, and hold its ends for half a column, so that one timestep can be seen."""
    known = np.flatnonzero(~np.isnan(y))
    half = (x[1] - x[0]) / 2 if len(x) > 1 else 0.5
    pieces = np.split(known, np.flatnonzero(np.diff(known) > 1) + 1) if len(known) else []
    return [
        (
            np.concatenate([[x[piece[0]] - half], x[piece], [x[piece[-1]] + half]]),
            np.concatenate([y[piece[:1]], y[piece], y[piece[-1:]]]),
        )
        for piece in pieces
    ]


def changes(window: Window, unit: int) -> tuple[Array, Array]:
    """Give what was written into the memory and what was erased at each timestep; their sum is its change.

    What was written is the product of its gates; where these were not kept, all that the memory holds beyond what
    its keeper left of it. NaN where that is not finite.
    """
    layer, steps = window.layer, slice(window.start, window.stop)

    def of(name: str) -> Array:
        values: Array = layer[name][window.sample, steps, unit].astype(np.float64)
        return values

    memory, keeper = _KEEPER[layer.cell]
    before, keep = layer.previous(memory, window.sample, steps)[:, unit].astype(np.float64), of(keeper)
    with np.errstate(invalid="ignore", over="ignore"):
        if layer.cell == "lstm" and layer.keeps("input_gate") and layer.keeps("cell_candidate"):
            written = of("input_gate") * of("cell_candidate")
        elif layer.cell == "gru" and layer.keeps("candidate"):
            written = (1 - keep) * of("candidate")
        else:
            written = of(memory) - keep * before
        erased = (keep - 1) * before
    return np.where(np.isfinite(written), written, np.nan), np.where(np.isfinite(erased), erased, np.nan)


def _bars(window: Window, unit: int, limit: float, axes: Any) -> str:
    """Draw what was written and erased, and give what the bars mean in words."""
    written, erased = changes(window, unit)
    largest = np.nanmax(np.abs([written, erased]), initial=0)
    times = 1
    while times < _MOST and 0 < 2 * times * largest <= limit / 2:
        times *= 2
    lstm = window.layer.cell == "lstm"
    write_hue = window.hue("input_gate" if lstm else "candidate")
    keep_hue = window.hue("forget_gate" if lstm else "update_gate")
    up, down = times * written, times * erased
    # One on top of the other where they go the same way.
    base = np.where(np.sign(up) == np.sign(down), up, 0)
    steps = np.arange(window.start, window.stop)
    axes.add_collection(PolyCollection(_boxes(steps, np.zeros_like(up), up), facecolors=write_hue, alpha=0.55))
    if len(steps) <= _HOLLOW:
        hollow = {"facecolors": "none", "edgecolors": keep_hue, "linewidths": 0.4}
        axes.add_collection(PolyCollection(_boxes(steps, base, base + down), **hollow))
    else:
        edges = np.arange(window.start, window.stop + 1) - 0.5
        axes.stairs(base + down, edges, baseline=base, color=keep_hue, linewidth=0.5)
    scale = f" \N{MULTIPLICATION SIGN} {times}" if times > 1 else ""
    return f"bars{scale}: written\nhollow: erased"


def _boxes(steps: Array, start: Array, stop: Array) -> Array:
    known = ~np.isnan(start) & ~np.isnan(stop) & (start != stop)
    left, right, low, high = steps[known] - 0.4, steps[known] + 0.4, start[known], stop[known]
    corners: Array = np.stack(
        [np.stack([left, low], 1), np.stack([left, high], 1), np.stack([right, high], 1), np.stack([right, low], 1)], 1
    )
    return corners
