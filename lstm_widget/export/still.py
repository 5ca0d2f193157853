"""A still of a widget as HTML: what saved notebooks, GitHub and nbviewer show where no widget can run."""

from __future__ import annotations

import base64
import warnings
from collections.abc import Mapping
from html import escape
from io import BytesIO
from typing import Any

from lstm_widget.export.page.html import light
from lstm_widget.layer_trace import LayerTrace

WIDTH = 7.0
"""Inches: a notebook's column."""
_MARGIN = 12
"""Pixels round the widget on a page."""
_COLOURS = 256
_DOTS = 110
"""An inch; no more, because every saved notebook carries the picture."""
_WAITING = "No gates to show yet: when this cell ran, its recording had no step."
_AGAIN = (
    "Where somebody sits at the notebook, the widget fills here while fit runs. A program ran this one, and what it "
    "displayed stays as it was: to see the gates, type LSTMWidget(recorder.recording) in a cell after the training."
)
_MENDED = "Once that is mended, run the notebook again."


def still(
    figure: Any, layer: LayerTrace, place: tuple[int, int, int], scene: Mapping[str, Any], when: tuple[str, str]
) -> str:
    """Give a picture with the numbers below it; no style sheet and no script, which hosts take away.

    Parameters
    ----------
    figure : matplotlib figure
    layer : LayerTrace
    place : (sample, timestep, unit)
        In the layer.
    scene : protocol.Scene
    when : (str, str)
        What the step of a training is called, empty where there is none, and the timestep.
    """
    step, timestep = when
    words = {"layer": layer.name, "sample": scene["title"].removeprefix("sample ")}
    words |= {key: scene[key] for key in ("prediction", "target") if scene[key] is not None}
    words |= {"unit": str(place[2]), "timestep": timestep}
    file = BytesIO()
    with warnings.catch_warnings():
        # Of letters that its font has not: they are drawn as boxes, and who opens a widget did not ask for a picture.
        warnings.filterwarnings("ignore", message="Glyph")
        figure.savefig(file, format="png", dpi=_DOTS)
    picture = base64.b64encode(_fewer_colours(file)).decode()
    proof = escape(str(layer.certificate))
    said = ", ".join([*([escape(step)] if step else []), *(f"{name} {escape(value)}" for name, value in words.items())])
    head = "".join(f"<th>{escape(q.label)} <i>{escape(q.symbol)}</i></th>" for q in layer.quantities)
    row = "".join(f"<td>{layer[q.name][place]:.4f}</td>" for q in layer.quantities)
    return (
        f'<p>{said}</p><img alt="Gates and states over time: {said}" '
        f'src="data:image/png;base64,{picture}">'
        f"<table><thead><tr>{head}</tr></thead><tbody><tr>{row}</tr></tbody></table>"
        f"<p><small>A still of the widget, which shows itself where this notebook runs; {proof}.</small></p>"
    )


def under(page: str, picture: str, height: int) -> str:
    """Lay a page of so many pixels over a still, as light as that is: hosts that take frames away show the still."""
    look = "position:absolute;inset:0;width:100%;height:100%;border:0;background:#fff"
    text = escape(light(page))
    frame = f'<iframe title="lstm_widget" sandbox="allow-scripts allow-downloads" style="{look}" srcdoc="{text}">'
    return f'<div style="position:relative;min-height:{height + 2 * _MARGIN}px">{picture}{frame}</iframe></div>'


def words_instead(problem: str) -> dict[str, str]:
    """Say what is missing and what to do, where there is nothing to draw and no kernel will come to draw it.

    Parameters
    ----------
    problem : str
        Why the widget could not open though there are steps; empty where there is none.

    Returns
    -------
    dict of mime type to str
    """
    said, then = (f"The widget could not open: {problem}.", _MENDED) if problem else (_WAITING, _AGAIN)
    html = f"<p>{escape(said)}</p><p><small>{escape(then)}</small></p>"
    return {"text/plain": f"LSTMWidget. {said} {then}", "text/html": html}


def _fewer_colours(png: BytesIO) -> bytes:
    """Name colours by a table, as the map does: a third of the bytes, and nobody sees a difference."""
    from PIL import Image  # noqa: PLC0415  (comes with matplotlib, which nobody needs who draws nothing)

    file = BytesIO()
    Image.open(png).convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(file, format="png", optimize=True)
    return file.getvalue()
