"""Traces as people read them: a table in text, and one in HTML."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lstm_widget.layer_trace import LayerTrace
    from lstm_widget.trace import Trace

_HEAD = ("layer", "cell", "samples", "timesteps", "units", "reads", "masked", "proved to within")


def trace_text(trace: Trace) -> str:
    """Lay the layers out in columns."""
    rows = [_HEAD, *(_row(layer) for layer in trace.values())]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([f"Trace of {len(trace)} recurrent layer{'' if len(trace) == 1 else 's'}", *lines])


def trace_html(trace: Trace) -> str:
    """Make the same a quiet HTML table, with the proof behind each row."""
    head = "".join(f"<th>{escape(cell)}</th>" for cell in _HEAD)
    body = "".join(
        f'<tr title="{escape(str(layer.certificate), quote=True)}">'
        + "".join(f"<td>{escape(cell)}</td>" for cell in _row(layer))
        + "</tr>"
        for layer in trace.values()
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def layer_html(layer: LayerTrace) -> str:
    """Describe one layer as HTML: its quantities with their symbols, and its proof below."""
    headline, _, proof = layer_text(layer).split("\n")
    rows = "".join(
        f"<tr><td><i>{escape(q.symbol)}</i></td><td>{escape(q.name)}</td><td>{escape(q.kind)}</td></tr>"
        for q in layer.quantities
    )
    return f"<table><caption>{escape(headline)}</caption><tbody>{rows}</tbody></table><small>{escape(proof)}</small>"


def layer_text(layer: LayerTrace) -> str:
    """Describe one layer: its shape, its quantities, its proof."""
    shape = " x ".join(
        f"{size:,} {axis}" for size, axis in zip(layer.shape, ("samples", "timesteps", "units"), strict=True)
    )
    quantities = ", ".join(f"{quantity.name} ({quantity.symbol})" for quantity in layer.quantities)
    proof = str(layer.certificate)
    proof += f"; then kept in {layer.rounded_to}: no longer the exact numbers" if layer.rounded_to else ""
    return f"LayerTrace {layer.name!r} ({layer.cell}, {layer.direction}): {shape}\n{quantities}\n{proof}"


def _row(layer: LayerTrace) -> tuple[str, ...]:
    samples, timesteps, units = (f"{size:,}" for size in layer.shape)
    masked = "-" if layer.mask is None else f"{1 - layer.mask.mean():.0%}"
    proved = f"{layer.certificate.max_abs_error:.1e}" if layer.certificate.says_anything else "nothing to compare"
    error = proved + (f", then {layer.rounded_to}" if layer.rounded_to else "")
    return layer.name, layer.cell, samples, timesteps, units, layer.direction, masked, error
