"""Answers that carry numbers: a header, and one buffer of little-endian float32."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from lstm_widget.analysis.matches import best_matches, matches
from lstm_widget.analysis.parts import gates_apart, parts, states_kept
from lstm_widget.analysis.remains import remains
from lstm_widget.analysis.saturation import gates_of, saturation
from lstm_widget.capture.record import Array
from lstm_widget.protocol import (
    MAX_BYTES,
    MAX_READ,
    Block,
    MatchesAnswer,
    MemoryAnswer,
    PartsAnswer,
    SaturationAnswer,
    TileAnswer,
)
from lstm_widget.serving import blocks
from lstm_widget.serving.answers.asked import Asked

_MAX_QUANTITIES = 6
_MAX_MATCHES = 64


def tile(asked: Asked) -> tuple[TileAnswer, list[bytes]]:
    """Give any numbers of a sample."""
    layer, place = asked.trace()
    quantities = asked.choices("quantities", [quantity.name for quantity in layer.quantities], _MAX_QUANTITIES)
    units = asked.units(layer.units)
    start, stop = asked.span(layer.timesteps)
    stride = asked.integer("stride", 1, layer.timesteps)
    block = Block(quantities=quantities, units=units, start=start, stop=stop, stride=stride)
    bounded(asked, blocks.size(block))
    if (read := len(quantities) * len(units) * (stop - start)) > MAX_READ:
        raise asked.refuse(f"{read:,} numbers to go through at once, {MAX_READ:,} at most; ask for fewer units")
    header = TileAnswer(id=asked.id, kind="tile", layer=asked.layer(), sample=asked.sample(), block=block)
    return header, [blocks.pack(layer, place, block)]


def gate_parts(asked: Asked) -> tuple[PartsAnswer, list[bytes]]:
    """Take the gates of one unit apart."""
    layer, place = asked.trace()
    unit = asked.integer("unit", 0, layer.units - 1)
    start, stop = asked.span(layer.timesteps)
    gates, states = gates_apart(layer), states_kept(layer)
    bounded(asked, 4 * (3 * len(gates) + len(states)) * (stop - start))
    found = parts(layer, place, unit, start, stop)
    rows = [part[gate] for gate in gates for part in (found.by_input, found.by_recurrence, found.bias)]
    header = PartsAnswer(
        id=asked.id,
        kind="parts",
        layer=asked.layer(),
        sample=asked.sample(),
        unit=unit,
        start=start,
        stop=stop,
        gates=gates,
        states=states,
    )
    return header, [packed([*rows, *(found.previous[state] for state in states)])]


def memory_left(asked: Asked) -> tuple[MemoryAnswer, list[bytes]]:
    """Say how much of what one unit's cell was written earlier is still there."""
    layer, place = asked.trace()
    unit, timestep = asked.integer("unit", 0, layer.units - 1), asked.integer("timestep", 0, layer.timesteps - 1)
    start, stop = asked.span(layer.timesteps)
    stride = asked.integer("stride", 1, layer.timesteps)
    bounded(asked, 4 * -(-(stop - start) // stride))
    shares = remains(layer, place, unit, timestep)[start:stop]
    columns = np.pad(shares, (0, -len(shares) % stride)).reshape(-1, stride).max(axis=1)
    return MemoryAnswer(id=asked.id, kind="memory", start=start, stop=stop, stride=stride), [packed([columns])]


def gate_saturation(asked: Asked) -> tuple[SaturationAnswer, list[bytes]]:
    """Say how often gates are shut and open."""
    layer, place = asked.trace()
    gates = gates_of(layer)
    bounded(asked, 4 * len(gates) * 2 * layer.units)
    header = SaturationAnswer(id=asked.id, kind="saturation", layer=asked.layer(), sample=asked.sample(), gates=gates)
    return header, [packed(saturation(layer, place))]


def unit_matches(asked: Asked) -> tuple[MatchesAnswer, list[bytes]]:
    """List the units that are above a threshold in a range and below it outside."""
    layer, place = asked.trace()
    quantity = asked.choice("quantity", [quantity.name for quantity in layer.quantities])
    shares = matches(layer, place, quantity, asked.span(layer.timesteps), asked.number("threshold"))
    best = best_matches(shares)[:_MAX_MATCHES]
    return MatchesAnswer(
        id=asked.id,
        kind="matches",
        units=best,
        shares=[float(shares[unit]) for unit in best],
        exact=sum(bool(shares[unit] == 1) for unit in best),
    ), []


def bounded(asked: Asked, size: int) -> None:
    """Refuse what would be larger than a message may be."""
    if size > MAX_BYTES:
        raise asked.refuse(f"{size:,} bytes asked for at once, {MAX_BYTES:,} at most; ask for pieces")


def packed(rows: Iterable[Array]) -> bytes:
    """Give numbers as they travel."""
    with np.errstate(over="ignore"):
        return b"".join(np.ascontiguousarray(row, "<f4").tobytes() for row in rows)
