"""What a page carries; the twin of ``js/src/offline/embedded.ts``. Numbers are little-endian float32 in base64."""

from __future__ import annotations

from typing import Any, TypedDict

from lstm_widget.protocol import Catalogue, SampleLine, Scene


class EmbeddedScene(TypedDict):
    """One layer and sample."""

    scene: Scene
    """By total change; ``orders`` has the others."""
    orders: dict[str, list[int]]
    labels: int | None
    """A place in ``Embedded.texts``; null where timesteps are called by their number."""
    words: int | None
    """Likewise; null where the input is no words."""
    values: str
    """``[quantity][unit][timestep]``"""
    behind: str
    """The end of the overview: input, answers, errors."""
    bias: str
    """``[gate][unit]``: the same at every timestep."""
    parts: str
    """``[gate][input, recurrent][unit][timestep]``, then what was handed on as ``[state][unit][timestep]``."""


class EmbeddedLayer(TypedDict):
    """One layer."""

    gates: list[str]
    """Those that can be taken apart: none where the weights were not kept."""
    states: list[str]
    """Those that were kept."""
    lines: list[SampleLine]
    refused: dict[str, str]
    """Why there is no list by loss, and none of the wrong or right; what there is, is left out."""
    nearest: list[int | str]
    """A sample each, or why there is none."""
    scenes: list[EmbeddedScene]


class Part(TypedDict):
    """Where a page's numbers stand in what it is a part of: it counts samples and timesteps anew."""

    start: int
    samples: dict[str, list[int]]
    """By layer."""


class Embedded(TypedDict):
    """The page."""

    catalogue: Catalogue
    selection: dict[str, Any]
    """The traits that either side may set, as the page opens."""
    height: int
    part: Part
    texts: list[list[str]]
    layers: dict[str, EmbeddedLayer]
