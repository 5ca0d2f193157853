"""A shelf for each step: the same layers, targets and names, with the numbers of one moment."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from lstm_widget import protocol
from lstm_widget.analysis.spread import PARTS, STATISTICS, spread
from lstm_widget.capture.record import Array
from lstm_widget.quantities import BLOCKS
from lstm_widget.serving.listing import catalogue
from lstm_widget.serving.shelf import Shelf
from lstm_widget.serving.source import Source
from lstm_widget.serving.steady import Steady
from lstm_widget.serving.steps import Steps, described
from lstm_widget.serving.told import Told, told

_DRAWN = 64
"""Steps at which weights are looked at: a curve has no room for more."""
_SOME = 8
"""Steps whose numbers stand for all when colours are given their meaning: reading thousands would take minutes."""


class Shelves:
    """All that a widget may be asked for.

    Parameters
    ----------
    steps : Steps
    names : keyword arguments
        Targets and names, as for `lstm_widget.serving.told.told`.

    Raises
    ------
    InputError
        If they do not fit, as soon as there is a step.
    """

    def __init__(self, steps: Steps, **names: Any) -> None:
        self._steps = steps
        self._names = names
        self._last = -1
        self.steady = Steady(self._some, self._ordering)
        self.training = False
        self.revision = 0
        """How many times traits were sent; the widget counts."""
        if self.settle():
            _ = self._told

    @property
    def numbers(self) -> list[int]:
        """What the steps are called, oldest first."""
        return list(self._steps.lines)

    @property
    def is_waiting(self) -> bool:
        """No step is proved yet, so it is not even known which layers there are."""
        return not self._proved

    @property
    def are_to_compare(self) -> bool:
        """They are not moments of one training, but two traces side by side."""
        return self._steps.are_to_compare and len(self.numbers) == 2  # noqa: PLR2004

    @property
    def last(self) -> int:
        """The last step that is proved."""
        return self._proved[-1]

    def __getitem__(self, number: int) -> Shelf:
        source, input_step = self._steps.source(number), self._steps.input_step(number)
        return Shelf(source, self._told, self.steady, step=number, input_step=input_step)

    def called(self, number: int) -> str:
        """Say which step that is, or which trace; empty where there is only one thing to show."""
        name = self._steps.lines[number].name
        return f"trace {name}" if name and self._steps.are_to_compare else name

    def look(self) -> None:
        """See which steps there are now."""
        before = set(self._proved)
        self._steps.look()
        for number in _some_of([number for number in self._proved if number not in before]):
            self.steady.widen(self._steps.source(number))
        if not before:
            self.settle()

    def settle(self) -> bool:
        """Order the units by the last step there is now, and say whether that is another one.

        While steps come they stay where they are: none may jump at each.
        """
        if self.is_waiting:
            return False
        before, self._last = self._last, self.last
        return before != self._last

    def catalogue(self) -> protocol.Catalogue:
        """List what there is."""
        return catalogue(self._steps.source(self.last), self._some())

    def described(self) -> protocol.Steps:
        """Tell the page of the steps."""
        return described(self._steps, training=self.training)

    def changed(self) -> str:
        """Say in words which weights are not those of the numbers on screen; empty if all are."""
        return self._steps.changed()

    def drift(self, layer: str, last: int) -> tuple[list[int], list[str], Array]:
        """Say how the weights of a layer are spread, up to a step.

        Returns
        -------
        list of int, list of str, (gate, part, statistic, step)
            Numbers of some steps, evenly spaced; gates that have weights; as `lstm_widget.analysis.spread` gives them.
        """
        numbers = [number for number in self.numbers if number <= last]
        _, last_layer, _ = self[self.last].source.any(layer)
        gates = BLOCKS[last_layer.cell]
        size = sum(of.kernel.size + of.recurrent_kernel.size for of in last_layer.weights.values())
        some = _some_of(numbers, max(2, min(_DRAWN, protocol.MAX_READ // max(1, size))))
        nothing = np.full((len(PARTS), len(STATISTICS)), np.nan)
        found, is_known = [], False
        # One step at a time: a map of a file that is held open takes a file descriptor.
        for number in some:
            weights = self[number].weights(layer)
            is_known = is_known or bool(weights)
            found.append([spread(weights[gate]) if weights else nothing for gate in gates])
        return some, list(gates) if is_known else [], np.moveaxis(np.array(found), 0, -1)

    def refresh(self) -> None:
        """Forget all numbers: the next scene is made with the weights of then."""
        self[self.last].refresh()

    @cached_property
    def _told(self) -> Told:
        return told(self._steps.source(self.last), **self._names)

    @property
    def _proved(self) -> list[int]:
        return [number for number, line in self._steps.lines.items() if line.proved]

    def _some(self) -> Sequence[Source]:
        return [self._steps.source(number) for number in _some_of(self._proved)]

    def _ordering(self) -> Source:
        # It may have been thinned out since.
        return self._steps.source(self._last if self._last in self._steps.lines else self.last)


def _some_of(numbers: list[int], most: int = _SOME) -> list[int]:
    """Give the first, the last and some evenly between them."""
    places = {round(k * (len(numbers) - 1) / (most - 1)) for k in range(most)} if numbers else set()
    return [numbers[place] for place in sorted(places)]
