"""What stays as it is from sample to sample and from step to step: what a colour means, and the order of the units."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from lstm_widget.analysis.ordering import ordered
from lstm_widget.serving import scene
from lstm_widget.serving.source import Source

Ranges = dict[str, tuple[float, float]]


class Steady:
    """Colour limits of each layer, and orders of its units.

    Parameters
    ----------
    some : callable
        Gives sources whose numbers stand for all.
    ordering : callable
        Gives the one by whose numbers units are ordered, so that none jumps while one scrubs through the others.
    ranges : mapping of layer names to limits, optional
        What is known already.
    """

    def __init__(
        self,
        some: Callable[[], Sequence[Source]],
        ordering: Callable[[], Source],
        ranges: Mapping[str, Ranges] | None = None,
    ) -> None:
        self._some = some
        self._ordering = ordering
        self._ranges = dict(ranges or {})
        self.generation = 0

    def ranges(self, layer: str) -> Ranges:
        """Give the colour limits of each quantity: frozen, because a colour must mean the same number everywhere."""
        if layer not in self._ranges:
            self._ranges[layer] = _union([scene.ranges(source.at(layer, 0)[1]) for source in self._some()])
        return self._ranges[layer]

    def order(self, layer: str, sample: int, sort: str) -> list[int]:
        """Order the units."""
        _, trace, place = self._ordering().at(layer, sample)
        return ordered(trace, place, sort)

    def widen(self, source: Source) -> None:
        """Make room for the numbers of one more source, in what is known already."""
        for layer, known in self._ranges.items():
            self._ranges[layer] = _union([known, scene.ranges(source.at(layer, 0)[1])])

    def forget(self) -> None:
        """Begin anew: the numbers have changed."""
        self._ranges.clear()
        self.generation += 1


def _union(limits: Sequence[Ranges]) -> Ranges:
    first = limits[0]
    return {name: (min(each[name][0] for each in limits), max(each[name][1] for each in limits)) for name in first}
