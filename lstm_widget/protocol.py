"""The messages between kernel and browser; the twin of ``js/src/protocol.ts``.

Selection and scene travel as traits, everything else is asked for:
the browser sends a `Request`, the kernel answers it exactly once, with the same `id`.
``tests/fixtures/protocol.json`` holds one of each and is read by the tests of both sides.
"""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

VERSION = 2

MAX_BYTES = 1_000_000
"""No buffer on the wire is larger: Colab refuses 1 MiB and more."""

MAX_READ = 200_000_000
"""No answer is thinned out of more numbers: the kernel would be away for seconds."""

MAX_LABELS = 4096
"""No answer carries more labels."""

MAX_STEPS = 4096
"""No more are listed; of more, every second, third ... one is."""

MAX_WEIGHTS = 1024
"""No row of weights has more features, or more units: of more, every second, third ... one is."""

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
    activation: str
    """Names of Keras's ``activation`` and ``recurrent_activation``."""
    gate_activation: str
    reset_after: bool
    """The variant of a GRU."""
    quantities: list[str]
    """All that its cell computes, in the order of ``quantities.py``: each has its colour, whatever else was kept."""
    weights: bool
    """There are weights, at some step at least."""


class Catalogue(TypedDict):
    """What never changes while a widget lives: trait ``_catalogue``."""

    version: int
    quantities: dict[str, Quantity]
    layers: list[Layer]
    colours: dict[str, str]
    """Table name -> 256 RGB triples as one string of hexadecimal digits."""


class Steps(TypedDict):
    """What one may scrub through: trait ``_steps``. A trace or a model has one step, without a name."""

    numbers: list[int]
    """What requests and scenes call each step; a step keeps its number while others come and go."""
    names: list[str]
    logs: dict[str, list[float | None]]
    """Loss and metrics, a value a step; null where there is none, or none that is finite."""
    marks: list[tuple[int, str]]
    """Places in these lists, and what is wrong there: a loss or weights that are NaN, numbers that are not proved."""
    total: int
    """How many steps there are; more than are listed where ``MAX_STEPS`` are not enough."""
    training: bool
    """A model is being trained: steps come by themselves, and requests are answered when it is over."""


class Block(TypedDict):
    """Where the numbers of a buffer belong.

    The buffer is little-endian float32, C order ``[statistic][quantity][unit][column]``. With ``stride`` 1
    there is one statistic, the value itself; else there are three: mean, minimum and maximum of ``stride``
    timesteps, NaN steps left out (the last column may cover fewer).
    """

    quantities: list[str]
    units: list[int]
    start: int
    stop: int
    stride: int


class SeriesBlock(TypedDict):
    """Numbers along time that belong to no unit, as a ``Block`` without units: ``[statistic][feature][column]``."""

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
    empty: bool
    """No number of h was compared: all are NaN or infinite, or masked."""
    odd: str
    """What was not compared as numbers, in words: what is NaN or infinite, what comes after an overflow."""
    errors: SeriesBlock | None
    """Largest distance in h at each timestep; null where it was not kept."""


class Output(TypedDict):
    """What the model answers along time."""

    kind: Literal["timestep", "so far"]
    """One answer a timestep, or the *prediction so far*: what the head would say if the sequence ended here."""
    series: SeriesBlock
    """A feature an output; of many classes only those that matter, named by ``features``."""
    expected: SeriesBlock | None
    """What was expected at each timestep: a class (as a place in ``series.features``), or a value a feature."""
    target: float | None
    """What was expected at the end: a place in ``series.features`` under ``probabilities``, else a value."""
    probabilities: bool
    error: float | None
    """Of a prediction so far, at its end: how far it is from the model's own output."""


class Scene(TypedDict):
    """What the selected layer and sample look like: trait ``_scene``, with the bytes in ``_overview``."""

    layer: str
    sample: int
    step: int
    input_step: int
    """The first step that was given the same input: words and names of timesteps are asked for once."""
    generation: int
    """Rises when all numbers are made anew, with other weights."""
    timesteps: int
    units: int
    direction: Literal["forward", "backward"]
    quantities: list[str]
    ranges: dict[str, tuple[float, float]]
    """Colour limits of each quantity, frozen for the layer: over all its samples and steps."""
    sort: str
    order: list[int]
    """Units from the top row of the map to the last, by ``sort``."""
    unmasked: Span
    """The smallest window that holds every unmasked timestep."""
    masked: list[Span]
    padding: list[Span]
    """Unmasked stretches at either end in which the input never changes: they look like padding."""
    proof: Proof | None
    """Null at a step whose numbers could not be proved, and are NaN."""
    title: str
    prediction: str | None
    target: str | None
    wrong: bool | None
    """Null where no target is known."""
    block: Block
    input: SeriesBlock | None
    tokens: bool
    """The input is one whole number a timestep: words, asked for with a ``WordsRequest``."""
    output: Output | None


class SceneRequest(TypedDict):
    """Ask for a scene that is not on screen; the answer is a ``SceneAnswer`` and its overview."""

    id: str
    kind: Literal["scene"]
    layer: str
    sample: int
    step: int
    sort: str


class SceneAnswer(TypedDict):
    """The scene; its overview is the buffer beside it. Unasked, with an empty id, while a model is trained."""

    id: str
    kind: Literal["scene"]
    scene: Scene


class TileRequest(TypedDict):
    """Ask for numbers; the answer is a ``TileAnswer`` and one buffer."""

    id: str
    kind: Literal["tile"]
    layer: str
    sample: int
    step: int
    quantities: list[str]
    units: list[int]
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
    step: int
    start: int
    stop: int


class LabelsAnswer(TypedDict):
    """One string a timestep."""

    id: str
    kind: Literal["labels"]
    start: int
    labels: list[str]


class WordsRequest(TypedDict):
    """Ask how the input's words read."""

    id: str
    kind: Literal["words"]
    layer: str
    sample: int
    step: int
    start: int
    stop: int


class WordsAnswer(TypedDict):
    """One word a timestep."""

    id: str
    kind: Literal["words"]
    start: int
    words: list[str]


class FindRequest(TypedDict):
    """Ask which timestep is called so: the label itself.

    Else the first that begins so, else the first that holds it.
    """

    id: str
    kind: Literal["find"]
    layer: str
    sample: int
    step: int
    text: str


class FindAnswer(TypedDict):
    """Null where no label is like it."""

    id: str
    kind: Literal["find"]
    timestep: int | None


class SampleLine(TypedDict):
    """A sample in the picker."""

    sample: int
    label: str
    prediction: NotRequired[str]
    target: NotRequired[str]
    loss: NotRequired[float]
    wrong: NotRequired[bool]


class SamplesRequest(TypedDict):
    """Ask for samples: those whose label holds ``text``.

    Among all, the wrong or the right, lines ``start`` to ``stop``.
    """

    id: str
    kind: Literal["samples"]
    layer: str
    step: int
    text: str
    among: Literal["all", "wrong", "right"]
    by: Literal["index", "loss"]
    """By loss the worst comes first."""
    start: int
    stop: int


class SamplesAnswer(TypedDict):
    """``total`` counts the lines that there are."""

    id: str
    kind: Literal["samples"]
    start: int
    total: int
    samples: list[SampleLine]


class NearestRequest(TypedDict):
    """Ask for the nearest correct sample of this one's true class."""

    id: str
    kind: Literal["nearest"]
    layer: str
    sample: int
    step: int


class NearestAnswer(TypedDict):
    """Nearest in the model's own input."""

    id: str
    kind: Literal["nearest"]
    sample: int


class PartsRequest(TypedDict):
    """Ask what each gate of one unit is made of."""

    id: str
    kind: Literal["parts"]
    layer: str
    sample: int
    step: int
    unit: int
    start: int
    stop: int


class PartsAnswer(TypedDict):
    """The buffer beside it is float32, ``[row][timestep]``.

    Three rows a gate that can be taken apart, none where the weights were not kept: what the input adds, what the
    recurrence adds, the bias; then one row a state that was kept: its *previous* value. NaN where the timestep is
    masked. The recurrent part of a GRU's candidate stands as it is multiplied by r: with ``reset_after``
    ``h_prev U + b_r``, else ``(r h_prev) U`` as added.
    """

    id: str
    kind: Literal["parts"]
    layer: str
    sample: int
    unit: int
    start: int
    stop: int
    gates: list[str]
    states: list[str]


class MemoryRequest(TypedDict):
    """Ask how much of what was written earlier is still there at a timestep."""

    id: str
    kind: Literal["memory"]
    layer: str
    sample: int
    step: int
    unit: int
    timestep: int
    start: int
    stop: int
    stride: int


class MemoryAnswer(TypedDict):
    """The largest share in each column of ``stride`` timesteps, as float32 in the buffer; 0 for the future."""

    id: str
    kind: Literal["memory"]
    start: int
    stop: int
    stride: int


class SaturationRequest(TypedDict):
    """Ask how often the gates of all units are shut and open in a sample."""

    id: str
    kind: Literal["saturation"]
    layer: str
    sample: int
    step: int


class SaturationAnswer(TypedDict):
    """The buffer beside it is float32, ``[gate][2][unit]``: share of timesteps below 0.1, share above 0.9."""

    id: str
    kind: Literal["saturation"]
    layer: str
    sample: int
    gates: list[str]


class MatchesRequest(TypedDict):
    """Ask which units are above a threshold inside a range of timesteps and below it outside."""

    id: str
    kind: Literal["matches"]
    layer: str
    sample: int
    step: int
    quantity: str
    start: int
    stop: int
    threshold: float


class MatchesAnswer(TypedDict):
    """At most 64 units.

    Best first, with the share of timesteps at which each does as asked, inside and outside counting alike; the
    first ``exact`` always do.
    """

    id: str
    kind: Literal["matches"]
    units: list[int]
    shares: list[float]
    exact: int


class WeightsRequest(TypedDict):
    """Ask for the weights of some units of one gate."""

    id: str
    kind: Literal["weights"]
    layer: str
    step: int
    gate: str
    units: list[int]


class WeightsAnswer(TypedDict):
    """The buffer beside it is float32, ``[unit][column]``: weights of the features, of h of the units, then biases."""

    id: str
    kind: Literal["weights"]
    features: list[str]
    """Names of those that are here."""
    strides: tuple[int, int]
    """Of more than ``MAX_WEIGHTS`` features, or units, every so many-th is here, from the first."""
    biases: int
    """One; two of a GRU with ``reset_after``, the input's and the recurrent one; none without ``use_bias``."""


class DriftRequest(TypedDict):
    """Ask how the weights of all gates are spread, along the steps up to one."""

    id: str
    kind: Literal["drift"]
    layer: str
    step: int


class DriftAnswer(TypedDict):
    """The buffer beside it is float32, ``[gate][part][statistic][step]``; NaN where there are no weights.

    Three parts: kernel, recurrent kernel, bias; six statistics: norm, median, minimum, maximum, lower quartile,
    upper quartile.
    """

    id: str
    kind: Literal["drift"]
    steps: list[int]
    """Their numbers: of many, some evenly between the first and the last."""
    gates: list[str]


class RefreshRequest(TypedDict):
    """Ask to extract again, with the weights that the model has now. The answer comes after the new scene."""

    id: str
    kind: Literal["refresh"]


class RefreshAnswer(TypedDict):
    """Done."""

    id: str
    kind: Literal["refresh"]


class StateRequest(TypedDict):
    """Ask how many times traits were sent: a page whose trait ``_revision`` says less has missed something.

    With ``send`` all of them are sent once more, before the answer.
    """

    id: str
    kind: Literal["state"]
    send: bool


class StateAnswer(TypedDict):
    """So many times."""

    id: str
    kind: Literal["state"]
    revision: int


class ErrorAnswer(TypedDict):
    """Why there is no other answer. ``id`` is empty where the request had none that can be read."""

    id: str
    kind: Literal["error"]
    error: str


Request = (
    SceneRequest
    | TileRequest
    | LabelsRequest
    | WordsRequest
    | FindRequest
    | SamplesRequest
    | NearestRequest
    | PartsRequest
    | MemoryRequest
    | SaturationRequest
    | MatchesRequest
    | WeightsRequest
    | DriftRequest
    | RefreshRequest
    | StateRequest
)
Answer = (
    SceneAnswer
    | TileAnswer
    | LabelsAnswer
    | WordsAnswer
    | FindAnswer
    | SamplesAnswer
    | NearestAnswer
    | PartsAnswer
    | MemoryAnswer
    | SaturationAnswer
    | MatchesAnswer
    | WeightsAnswer
    | DriftAnswer
    | RefreshAnswer
    | StateAnswer
    | ErrorAnswer
)
