"""The messages between kernel and browser; the twin of ``js/src/protocol.ts``.

Selection and scene travel as traits, everything else is asked for:
the browser sends a `Request`, the kernel answers it exactly once, with the same `id`.
``tests/fixtures/protocol.json`` holds one of each and is read by the tests of both sides.
"""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

VERSION = 1

MAX_BYTES = 1_000_000
"""No buffer on the wire is larger: Colab refuses 1 MiB and more."""

MAX_LABELS = 4096
"""No answer carries more labels."""

MAX_ID = 64
"""Longest id of a request, in characters."""

Span = tuple[int, int]
"""``[start, stop]``, half-open, as in Python."""


class Quantity(TypedDict):
    """One row of the table in ``quantities.py``."""

    symbol: str
    label: str
    kind: Literal["gate", "signed"]


class Layer(TypedDict):
    """A layer one can pick."""

    name: str
    cell: str
    units: int
    samples: int
    """A TimeDistributed makes several of one input row, a stateful layer one of several."""
    direction: Literal["forward", "backward"]


class Catalogue(TypedDict):
    """What never changes while a widget lives: trait ``_catalogue``."""

    version: int
    quantities: dict[str, Quantity]
    layers: list[Layer]
    colours: dict[str, str]
    """Table name -> 256 RGB triples as one string of hexadecimal digits."""


class Block(TypedDict):
    """Where the numbers of a buffer belong.

    The buffer is little-endian float32, C order ``[statistic][quantity][unit][column]``.
    With ``stride`` 1 there is one statistic, the value itself; else there are three: mean, minimum
    and maximum of ``stride`` timesteps, NaN steps left out (the last column may cover fewer).
    """

    quantities: list[str]
    units: Span
    start: int
    stop: int
    stride: int


class InputBlock(TypedDict):
    """The model's own input, as a `Block` without units: ``[statistic][feature][column]``."""

    features: list[str]
    start: int
    stop: int
    stride: int
    offset: int
    """Where it begins in the overview, in bytes."""


class Proof(TypedDict):
    """The certificate, as the badge shows it."""

    max_abs_error: float
    tolerance: float
    compared: str
    run: str


class Scene(TypedDict):
    """What the selected layer and sample look like: trait ``_scene``, with the bytes in ``_overview``."""

    layer: str
    sample: int
    timesteps: int
    units: int
    direction: Literal["forward", "backward"]
    quantities: list[str]
    ranges: dict[str, tuple[float, float]]
    """Colour limits of each quantity, frozen for the layer."""
    order: list[int]
    """Units from the top row of the map to the last."""
    unmasked: Span
    """The smallest window that holds every unmasked timestep."""
    masked: list[Span]
    proof: Proof
    title: str
    prediction: str | None
    target: str | None
    block: Block
    input: InputBlock | None


class TileRequest(TypedDict):
    """Ask for numbers; the answer is a `TileAnswer` and one buffer."""

    id: str
    kind: Literal["tile"]
    layer: str
    sample: int
    quantities: list[str]
    units: Span
    start: int
    stop: int
    stride: int


class TileAnswer(TypedDict):
    """The block in the buffer beside it."""

    id: str
    kind: Literal["tile"]
    layer: str
    sample: int
    block: Block


class LabelsRequest(TypedDict):
    """Ask what timesteps are called."""

    id: str
    kind: Literal["labels"]
    layer: str
    sample: int
    start: int
    stop: int


class LabelsAnswer(TypedDict):
    """One string a timestep."""

    id: str
    kind: Literal["labels"]
    start: int
    labels: list[str]


class SampleLine(TypedDict):
    """A sample in the picker."""

    label: str
    prediction: NotRequired[str]
    target: NotRequired[str]


class SamplesRequest(TypedDict):
    """Ask what samples are called."""

    id: str
    kind: Literal["samples"]
    start: int
    stop: int


class SamplesAnswer(TypedDict):
    """One line a sample."""

    id: str
    kind: Literal["samples"]
    start: int
    samples: list[SampleLine]


class ErrorAnswer(TypedDict):
    """Why there is no other answer. ``id`` is empty where the request had none that can be read."""

    id: str
    kind: Literal["error"]
    error: str


Request = TileRequest | LabelsRequest | SamplesRequest
Answer = TileAnswer | LabelsAnswer | SamplesAnswer | ErrorAnswer
