"""What one may scrub through: sources of the same layers, at the moments of a training or of several traces."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lstm_widget import protocol
from lstm_widget.errors import InputError
from lstm_widget.recording.recording import Recording
from lstm_widget.recording.step import Step
from lstm_widget.serving.blank import blank
from lstm_widget.serving.differences import differences
from lstm_widget.serving.source import Source, TraceSource, source_of
from lstm_widget.trace import Trace

_OPEN = 8
"""Traces held open: each that lies on disk takes some twenty file descriptors."""


@dataclass(frozen=True)
class Line:
    """What is said of a step."""

    name: str
    logs: Mapping[str, float] = field(default_factory=dict)
    marks: Sequence[str] = ()
    proved: bool = True


class Steps(ABC):
    """The same layers several times, under numbers that mean the same step for good.

    Attributes
    ----------
    lines : dict of int to Line
        By number, oldest first. Changes only in `look`.
    total : int
        How many steps there are, where not all have a line.
    are_to_compare : bool
        Side by side, not moments of one training.
    """

    are_to_compare = False

    def __init__(self, lines: dict[int, Line]) -> None:
        self.lines = lines
        self.total = len(lines)

    def look(self) -> None:  # noqa: B027  (most have nothing that could come)
        """See which steps there are now."""

    @abstractmethod
    def source(self, number: int) -> Source:
        """Give the numbers of a step; of one that could not be proved, as many NaN."""

    def input_step(self, number: int) -> int:
        """Give the first step that was given the same input."""
        return number

    def changed(self) -> str:
        """Say in words what has other weights now than when its numbers were made; empty if nothing has.

        Of two models, or two moments of one, at most one is what the weights are now: nothing is said.
        """
        return ""


class OneStep(Steps):
    """A source without a history."""

    def __init__(self, source: Source) -> None:
        super().__init__({0: Line("")})
        self._source = source

    def source(self, number: int) -> Source:  # noqa: ARG002
        """Give the only one."""
        return self._source

    def changed(self) -> str:
        """Ask the source."""
        return self._source.changed()


class NamedTraces(Steps):
    """Traces side by side, such as before and after.

    Raises
    ------
    InputError
        If there is none, something else among them, or their layers differ; lists all that does.
    """

    are_to_compare = True

    def __init__(self, traces: Mapping[Any, Any], output: str | int | None) -> None:
        odd = {name: value for name, value in traces.items() if not isinstance(value, Trace)}
        if odd or not traces:
            found = ", ".join(f"{name!r}: {type(value).__name__}" for name, value in odd.items()) or "nothing"
            msg = f"found {found}; to compare, type LSTMWidget({{'before': trace, 'after': other_trace}})"
            raise InputError(msg)
        differing = differences({str(name): trace for name, trace in traces.items()})
        if differing:
            msg = (
                f"these traces do not match: {'; '.join(differing)}. "
                "Compare traces of the same layers and shapes: extract(..., layers=, samples=)"
            )
            raise InputError(msg)
        # A name that is blank could not be pressed.
        super().__init__({k: Line(str(name) if str(name).strip() else f"trace {k}") for k, name in enumerate(traces)})
        self._sources = [TraceSource(trace, output) for trace in traces.values()]

    def source(self, number: int) -> Source:
        """Give the trace of that name."""
        return self._sources[number]


class RecordedSteps(Steps):
    """The steps of a recording, which may still be going on."""

    def __init__(self, recording: Recording, output: str | int | None) -> None:
        super().__init__({})
        self._recording = recording
        self._output = output
        self._known: dict[int, Line] = {}
        self._open: OrderedDict[int, Source] = OrderedDict()
        self.look()

    def look(self) -> None:
        """Read the lines of steps that are new."""
        # Of a folder that was deleted, what is on screen stays there.
        numbers = self._recording.numbers or list(self.lines)
        self.total = len(numbers)
        # Every second one of too many, every third, and so on: the first always, as a recorder thins its own.
        numbers = numbers[:: -(-len(numbers) // protocol.MAX_STEPS) or 1]
        fresh = {number: self._recording.numbered(number) for number in numbers if number not in self._known}
        self._known |= {number: _line(step) for number, step in fresh.items()}
        self.lines = {number: self._known[number] for number in numbers}

    def source(self, number: int) -> Source:
        """Open the trace, and keep some of them open."""
        if number not in self._open:
            self._open[number] = TraceSource(self._trace(number), self._output)
            while len(self._open) > _OPEN:
                self._open.popitem(last=False)
        self._open.move_to_end(number)
        return self._open[number]

    def input_step(self, number: int) -> int:  # noqa: ARG002
        """Give the first of all: a probe stays the same."""
        return next(iter(self.lines))

    def _trace(self, number: int) -> Trace:
        step = self._recording.numbered(number)
        if step.opened is not None:
            return step.trace
        proved = next(other for other, line in self.lines.items() if line.proved)
        return blank(self._recording.numbered(proved).trace, "; ".join(step.marks))


def steps_of(what: Any, inputs: Any, output: str | int | None = None) -> Steps:
    """Make steps of a recording, of a mapping of traces, or a single one of anything else.

    Raises
    ------
    InputError
        If inputs are given that are there already, or traces are not of the same layers.
    """
    if not isinstance(what, Recording | Mapping) or isinstance(what, Trace):
        return OneStep(source_of(what, inputs, output))
    if inputs is not None:
        msg = f"a {type(what).__name__} brings its inputs along; type LSTMWidget(...) of it alone"
        raise InputError(msg)
    return RecordedSteps(what, output) if isinstance(what, Recording) else NamedTraces(what, output)


def described(steps: Steps, *, training: bool) -> protocol.Steps:
    """Tell the page of the steps."""
    lines = list(steps.lines.values())
    names = dict.fromkeys(name for line in lines for name in line.logs)
    return protocol.Steps(
        numbers=list(steps.lines),
        names=[line.name for line in lines],
        logs={name: [_finite(line.logs.get(name)) for line in lines] for name in names},
        marks=[(place, "; ".join(line.marks)) for place, line in enumerate(lines) if line.marks],
        total=steps.total,
        training=training,
    )


def _line(step: Step) -> Line:
    # Of the first fit nobody knows yet that there will be another.
    fit = f"fit {step.fit}, " if step.fit else ""
    batch = "" if step.batch is None else f", batch {step.batch}"
    return Line(f"{fit}epoch {step.epoch}{batch}", step.logs, step.marks, step.opened is not None)


def _finite(value: float | None) -> float | None:
    # JSON has no NaN; five digits are more than a curve can show.
    return float(f"{value:.5g}") if value is not None and math.isfinite(value) else None
