"""Picks what a page carries from a shelf: for each question that needs no kernel, what the kernel would answer."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any

import numpy as np

from lstm_widget.analysis.memory import computed
from lstm_widget.analysis.ordering import ORDERS, ordered
from lstm_widget.analysis.parts import Parts, gates_apart, parts, states_kept
from lstm_widget.capture.record import Array
from lstm_widget.errors import LSTMWidgetError
from lstm_widget.export.page.embedded import Embedded, EmbeddedLayer, EmbeddedScene, Part
from lstm_widget.layer_trace import LayerTrace
from lstm_widget.protocol import SampleLine
from lstm_widget.serving import blocks
from lstm_widget.serving.answers.texts import cut
from lstm_widget.serving.shelf import Shelf


def embed(shelf: Shelf, selection: dict[str, Any], height: int, part: Part) -> Embedded:
    """Give everything that a page carries."""
    texts, catalogue = _Texts(), shelf.catalogue()
    for layer in catalogue["layers"]:
        # They stay where they are: what a page needs of them is in the parts of each gate.
        layer["weights"] = False
    return Embedded(
        catalogue=catalogue,
        selection=selection,
        height=height,
        part=part,
        layers={name: _layer(shelf, name, texts) for name in shelf.layers},
        texts=texts.kept,
    )


def bytes_of(layer: LayerTrace, samples: int) -> int:
    """Say how many characters so many samples of a layer take on a page."""
    numbers = len(layer.quantities) + 2 * len(gates_apart(layer)) + len(states_kept(layer))
    return samples * -(-4 * layer.timesteps * layer.units * numbers * 4 // 3)


class _Texts:
    """Lists of words, each kept once: samples often share the names of their timesteps."""

    def __init__(self) -> None:
        self.kept: list[list[str]] = []
        self._places: dict[tuple[str, ...], int] = {}

    def place(self, words: list[str]) -> int:
        key = tuple(words)
        if key not in self._places:
            self._places[key] = len(self.kept)
            self.kept.append(words)
        return self._places[key]


def _layer(shelf: Shelf, name: str, texts: _Texts) -> EmbeddedLayer:
    samples = shelf.samples(name)
    layer, _ = shelf.at(name, 0)
    return EmbeddedLayer(
        gates=gates_apart(layer),
        states=states_kept(layer),
        lines=_lines(shelf, name, samples),
        refused={
            reason: text
            for reason, among, by in (("loss", "all", "loss"), ("class", "wrong", "index"))
            if (text := _refusal(shelf, name, among, by))
        },
        nearest=[_nearest(shelf, name, sample) for sample in range(samples)],
        scenes=[_scene(shelf, name, sample, texts) for sample in range(samples)],
    )


def _scene(shelf: Shelf, name: str, sample: int, texts: _Texts) -> EmbeddedScene:
    described, overview = shelf.scene(name, sample, "change")
    layer, place = shelf.at(name, sample)
    labels = [cut(label) for label in shelf.timestep_labels(name, sample, 0, layer.timesteps)]
    numbered = labels == [str(timestep) for timestep in range(layer.timesteps)]
    words = [cut(word) for word in shelf.words(name, sample, 0, layer.timesteps)] if described["tokens"] else None
    taken = [parts(layer, place, unit, 0, layer.timesteps) for unit in range(layer.units)]
    return EmbeddedScene(
        scene=described,
        orders={sort: ordered(layer, place, sort) for sort in ORDERS},
        labels=None if numbered else texts.place(labels),
        words=None if words is None else texts.place(words),
        values=_packed(layer[quantity.name][place].T for quantity in layer.quantities),
        behind=base64.b64encode(overview[blocks.size(described["block"]) :]).decode(),
        bias=_packed(_biases(layer, place, taken)),
        parts=_packed(_rows(layer, taken)),
    )


def _rows(layer: LayerTrace, taken: list[Parts]) -> Iterable[Array]:
    for gate in gates_apart(layer):
        yield np.stack([each.by_input[gate] for each in taken])
        yield np.stack([each.by_recurrence[gate] for each in taken])
    for state in states_kept(layer):
        yield np.stack([each.previous[state] for each in taken])


def _biases(layer: LayerTrace, place: int, taken: list[Parts]) -> Iterable[Array]:
    # The same at every timestep but those that are masked, where nothing is added up.
    first = int(computed(layer, place).argmax())
    for gate in gates_apart(layer):
        yield np.array([each.bias[gate][first] for each in taken])


def _lines(shelf: Shelf, name: str, samples: int) -> list[SampleLine]:
    _, lines = shelf.samples_found(name, "", among="all", by="index", lines=(0, samples))
    for line in lines:
        line["label"] = cut(line["label"])
    return lines


def _refusal(shelf: Shelf, name: str, among: str, by: str) -> str:
    try:
        shelf.samples_found(name, "", among=among, by=by, lines=(0, 1))
    except LSTMWidgetError as error:
        return str(error)
    return ""


def _nearest(shelf: Shelf, name: str, sample: int) -> int | str:
    try:
        return shelf.nearest(name, sample)
    except LSTMWidgetError as error:
        return str(error)


def _packed(arrays: Iterable[Array]) -> str:
    with np.errstate(over="ignore"):
        return base64.b64encode(b"".join(np.ascontiguousarray(a, "<f4").tobytes() for a in arrays)).decode()
