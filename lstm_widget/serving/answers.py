"""Answer the browser: every message is checked, bounded, and answered once."""

from __future__ import annotations

from typing import Any, Protocol

from lstm_widget.errors import LSTMWidgetError
from lstm_widget.layer_trace import LayerTrace
from lstm_widget.protocol import (
    MAX_BYTES,
    MAX_ID,
    MAX_LABELS,
    Answer,
    Block,
    ErrorAnswer,
    LabelsAnswer,
    SampleLine,
    SamplesAnswer,
    TileAnswer,
)
from lstm_widget.serving import blocks

_MAX_QUANTITIES = 6


class Shelf(Protocol):
    """What an answer is made from."""

    layers: list[str]

    def samples(self, layer: str) -> int:
        """Say how many samples a layer has."""

    def at(self, layer: str, sample: int) -> tuple[LayerTrace, int]:
        """Give a layer's trace and the sample's index in it."""

    def timestep_labels(self, layer: str, sample: int, start: int, stop: int) -> list[str]:
        """Name timesteps."""

    def sample_line(self, sample: int) -> SampleLine:
        """Describe a sample."""


class _RefusedError(Exception):
    """Why a message gets an error for an answer."""


def answer(shelf: Shelf, message: Any) -> tuple[Answer, list[bytes]]:
    """Give the answer to a message and its buffers; never raises for what the message says."""
    try:
        identity = _identity(message)
    except _RefusedError as refusal:
        return ErrorAnswer(id="", kind="error", error=str(refusal)), []
    try:
        kind = message.get("kind")
        if kind == "tile":
            return _tile(shelf, identity, message)
        if kind == "labels":
            return _labels(shelf, identity, message), []
        if kind == "samples":
            return _samples(shelf, identity, message), []
        known = "tile, labels, samples"
        return ErrorAnswer(id=identity, kind="error", error=f"unknown kind {_short(kind)}; known are {known}"), []
    except (_RefusedError, LSTMWidgetError) as refusal:
        return ErrorAnswer(id=identity, kind="error", error=str(refusal)), []


def _tile(shelf: Shelf, identity: str, message: dict[str, Any]) -> tuple[Answer, list[bytes]]:
    name, sample = _layer(shelf, message), 0
    sample = _integer(message, "sample", 0, shelf.samples(name) - 1)
    layer, place = shelf.at(name, sample)
    known = [quantity.name for quantity in layer.quantities]
    quantities = message.get("quantities")
    if not isinstance(quantities, list) or not 0 < len(quantities) <= _MAX_QUANTITIES:
        raise _RefusedError(f"tile: quantities={_short(quantities)} is no list of 1 to {_MAX_QUANTITIES} names")
    wrong = next((quantity for quantity in quantities if quantity not in known), None)
    if wrong is not None:
        raise _RefusedError(f"tile: {_short(wrong)} is no quantity of {name!r}; it has {', '.join(known)}")
    units = message.get("units")
    if not isinstance(units, list) or len(units) != 2:  # noqa: PLR2004
        raise _RefusedError(f"tile: units={_short(units)} is no [start, stop]")
    low, high = _span({"start": units[0], "stop": units[1]}, layer.units, "tile: units")
    start, stop = _span(message, layer.timesteps, "tile")
    block = Block(
        quantities=list(quantities),
        units=(low, high),
        start=start,
        stop=stop,
        stride=_integer(message, "stride", 1, layer.timesteps),
    )
    if blocks.size(block) > MAX_BYTES:
        raise _RefusedError(
            f"tile: {blocks.size(block):,} bytes asked for at once, {MAX_BYTES:,} at most; ask for pieces"
        )
    header = TileAnswer(id=identity, kind="tile", layer=name, sample=sample, block=block)
    return header, [blocks.pack(layer, place, block)]


def _labels(shelf: Shelf, identity: str, message: dict[str, Any]) -> LabelsAnswer:
    name = _layer(shelf, message)
    sample = _integer(message, "sample", 0, shelf.samples(name) - 1)
    layer, _ = shelf.at(name, sample)
    start, stop = _span(message, layer.timesteps, "labels")
    if stop - start > MAX_LABELS:
        raise _RefusedError(f"labels: {stop - start:,} asked for at once, {MAX_LABELS:,} at most; ask for pieces")
    return LabelsAnswer(
        id=identity, kind="labels", start=start, labels=shelf.timestep_labels(name, sample, start, stop)
    )


def _samples(shelf: Shelf, identity: str, message: dict[str, Any]) -> SamplesAnswer:
    start, stop = _span(message, max(map(shelf.samples, shelf.layers)), "samples")
    if stop - start > MAX_LABELS:
        raise _RefusedError(f"samples: {stop - start:,} asked for at once, {MAX_LABELS:,} at most; ask for pieces")
    return SamplesAnswer(
        id=identity, kind="samples", start=start, samples=[shelf.sample_line(k) for k in range(start, stop)]
    )


def _identity(message: Any) -> str:
    identity = message.get("id") if isinstance(message, dict) else None
    if not isinstance(identity, str) or not 0 < len(identity) <= MAX_ID:
        raise _RefusedError(f"a request needs an id of 1 to {MAX_ID} characters")
    return identity


def _layer(shelf: Shelf, message: dict[str, Any]) -> str:
    name = message.get("layer")
    if not isinstance(name, str) or name not in shelf.layers:
        raise _RefusedError(f"there is no layer {_short(name)}")
    return name


def _integer(message: dict[str, Any], key: str, low: int, high: int) -> int:
    value = message.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise _RefusedError(f"{message.get('kind')}: {key}={_short(value)} is no integer in {low}..{high}")
    return value


def _span(message: dict[str, Any], length: int, what: str) -> tuple[int, int]:
    start, stop = message.get("start"), message.get("stop")
    whole = all(isinstance(value, int) and not isinstance(value, bool) for value in (start, stop))
    if not isinstance(start, int) or not isinstance(stop, int) or not whole or not 0 <= start < stop <= length:
        raise _RefusedError(f"{what}: start={_short(start)}, stop={_short(stop)} is outside 0..{length}")
    return start, stop


def _short(value: Any) -> str:
    """Quote what came in, at a length that cannot fill a log."""
    text = repr(value) if isinstance(value, str | int | float | bool | None) else type(value).__name__
    return text if len(text) <= 40 else text[:37] + "..."  # noqa: PLR2004
