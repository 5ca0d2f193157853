"""A call of a recurrent layer as it was heard, in tensors, and how it is written down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import keras
import tensorflow as tf

from lstm_widget.capture.keras import cells
from lstm_widget.capture.keras.arrays import to_numpy
from lstm_widget.capture.keras.readout import readout
from lstm_widget.capture.keras.telling import Said
from lstm_widget.capture.record import Array, Cell, LayerRun

Announce = Callable[[str, Cell, tuple[int, int, int]], None]
"""Told of (name, cell, (samples a row, timesteps, features)) of a layer; may raise where that is too much."""


class Part(NamedTuple):
    """One cell of a layer."""

    name: str
    cell: Any
    wanted: bool

    def read(self) -> Cell | None:
        """Read the cell, if it is wanted."""
        return cells.read(self.name, self.cell) if self.wanted else None


class Tensors(NamedTuple):
    """What went in and what came out.

    Attributes
    ----------
    sequences : (sample, timestep, feature)
    states : list, or nested list, of (sample, unit)
    mask : (sample, timestep), or None
    everything : (sample, timestep, numbers)
    final : as states
    """

    sequences: Any
    states: Any
    mask: Any
    everything: Any
    final: Any


@dataclass(frozen=True)
class Heard:
    """One call.

    Attributes
    ----------
    layer : keras.layers.RNN
    parts : list of Part
        Its cells: of a stack, all; else the only one.
    layout : list of Said
        What stands where in ``everything``.
    tensors : Tensors
    jit_compile : bool
    stateful : bool
    """

    layer: Any
    parts: list[Part]
    layout: list[Said]
    tensors: Tensors
    jit_compile: bool
    stateful: bool

    def written(self, read: list[Cell | None]) -> list[LayerRun]:
        """Write down each cell that is wanted, of which ``read`` says what it was when it ran."""
        layer, tensors = self.layer, self.tensors
        stacked = isinstance(layer.cell, keras.layers.StackedRNNCells)
        runs = []
        inputs = to_numpy(tensors.sequences)
        inputs = inputs[:, ::-1] if layer.go_backwards else inputs
        told = _told(to_numpy(tensors.everything), self.layout)
        states = zip(_by_cell(tensors.states, stacked), _by_cell(tensors.final, stacked), strict=True)
        for part, cell, own, (before, after) in zip(self.parts, read, told, states, strict=True):
            h = own.pop("hidden_state")
            if cell is not None:
                run = LayerRun(
                    name=part.name,
                    layer=layer,
                    cell=cell,
                    inputs=inputs,
                    initial_state=tuple(map(to_numpy, before)),
                    mask=_mask(tensors.mask, backward=layer.go_backwards),
                    outputs=h,
                    told=own,
                    final_state=tuple(map(to_numpy, after)),
                    backward=bool(layer.go_backwards),
                    outer=(),
                    stateful=self.stateful,
                    how=_how(part.cell, jit_compile=self.jit_compile),
                    readout=None if stacked else readout(layer),
                )
                runs.append(run)
            inputs = h
        return runs


def announce_all(announce: Announce, parts: list[Part], read: list[Cell | None], shape: Any, repeats: int) -> None:
    """Say what each cell that is wanted will take.

    Parameters
    ----------
    announce : callable
    parts : list of Part
        The cells of a layer, one feeding the next.
    read : list of Cell or None
        What they are.
    shape : (samples, timesteps, features)
        Of what the layer is given; more axes only where nothing is wanted.
    repeats : int
        Samples that a TimeDistributed makes of a row.
    """
    _, timesteps, features = map(int, shape[:3])
    for part, cell in zip(parts, read, strict=True):
        if cell is not None:
            announce(part.name, cell, (repeats, timesteps, features))
            features = cell.units


def _told(everything: Array, layout: list[Said]) -> list[dict[str, Array]]:
    """Give what each cell told, by quantity: views of one array."""
    told: list[dict[str, Array]] = [{} for _ in range(1 + max(said.cell or 0 for said in layout))]
    start = 0
    for said in layout:
        if said.cell is not None:
            told[said.cell][said.quantity] = everything[..., start : start + said.size]
        start += said.size
    return told


def _by_cell(states: Any, stacked: bool) -> list[list[Any]]:  # noqa: FBT001
    if not stacked:
        return [keras.tree.flatten(states)]
    return [keras.tree.flatten(state) for state in states]


def _mask(mask: Any, *, backward: bool) -> Array | None:
    if mask is None:
        return None
    array = to_numpy(mask).astype(bool)
    array = array[..., 0] if array.ndim == 3 else array  # noqa: PLR2004
    return array[:, ::-1] if backward else array


def _how(cell: Any, *, jit_compile: bool) -> str:
    compiled = "XLA" if jit_compile else "tf.function"
    device = "GPU" if tf.config.list_logical_devices("GPU") else "CPU"
    return f"Keras {keras.__version__}, TensorFlow {tf.__version__}, {compiled}, {device}, {cell.compute_dtype}"
