"""Where steps are kept: what every such place can do, and the plainest of them."""

from __future__ import annotations

from typing import Protocol

from lstm_widget.recording.step import Step
from lstm_widget.recording.watchers import Watchers


class Steps(Protocol):
    """Finished steps under growing numbers, with gaps where some were thinned out."""

    watchers: Watchers

    def numbers(self) -> list[int]:
        """List what there is now, oldest first."""

    def read(self, number: int) -> Step:
        """Give one step."""


class Store(Steps, Protocol):
    """Where they are kept."""

    def begin(self) -> None:
        """Make ready for the first step."""

    def add(self, number: int, step: Step) -> None:
        """Keep one more: wholly, or not at all."""

    def drop(self, number: int) -> None:
        """Forget one."""


class StepsInMemory:
    """Steps that last as long as this process."""

    def __init__(self) -> None:
        self.watchers = Watchers()
        self._steps: dict[int, Step] = {}

    def begin(self) -> None:
        """Make ready: nothing to do."""

    def numbers(self) -> list[int]:
        """List what there is now, oldest first."""
        return sorted(self._steps)

    def read(self, number: int) -> Step:
        """Give one step."""
        return self._steps[number]

    def add(self, number: int, step: Step) -> None:
        """Keep one more."""
        self._steps[number] = step

    def drop(self, number: int) -> None:
        """Forget one."""
        del self._steps[number]
