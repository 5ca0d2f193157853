"""What answers are made from: `lstm_widget.serving.shelves.Shelves`, and each `Shelf` of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from lstm_widget.capture.record import Array
from lstm_widget.layer_trace import LayerTrace
from lstm_widget.protocol import SampleLine, Scene, Span
from lstm_widget.weights import GateWeights


class Shelf(Protocol):
    """What there is to ask at one step."""

    layers: list[str]

    def samples(self, layer: str) -> int:
        """Say how many samples a layer has."""

    def at(self, layer: str, sample: int) -> tuple[LayerTrace, int]:
        """Give a layer's trace and the sample's index in it."""

    def timestep_labels(self, layer: str, sample: int, start: int, stop: int) -> list[str]:
        """Name timesteps."""

    def words(self, layer: str, sample: int, start: int, stop: int) -> list[str]:
        """Read the input's words."""

    def samples_found(self, layer: str, text: str, *, among: str, by: str, lines: Span) -> tuple[int, list[SampleLine]]:
        """Count the samples that are like that, and describe some of them."""

    def nearest(self, layer: str, sample: int) -> int:
        """Find the nearest correct sample of this one's true class."""

    def scene(self, layer: str, sample: int, sort: str) -> tuple[Scene, bytes]:
        """Describe a sample of a layer, with its overview."""

    def weights(self, layer: str) -> Mapping[str, GateWeights]:
        """Give a layer's weights by gate; none where they were not kept."""

    def feature_names(self, layer: str) -> list[str]:
        """Name what a layer is given."""


class Shelves(Protocol):
    """What there is to ask, by the number of a step."""

    revision: int

    @property
    def numbers(self) -> list[int]:
        """Say which steps there are."""

    def __getitem__(self, number: int) -> Shelf:
        """Give what there is at a step."""

    def drift(self, layer: str, last: int) -> tuple[list[int], list[str], Array]:
        """Say how the weights of a layer are spread, up to a step."""

    def refresh(self) -> None:
        """Extract again, with the weights that the model has now."""
