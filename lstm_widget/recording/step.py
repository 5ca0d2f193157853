"""One moment of a training."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lstm_widget.errors import RecordingError
from lstm_widget.trace import Trace
from lstm_widget.weights import GateWeights


@dataclass(frozen=True)
class Step:
    """What a model was, and did with the probe batch, at one moment of its training.

    Attributes
    ----------
    fit : int
        Which call of ``fit``, from 0; each counts its epochs anew.
    epoch : int
        As Keras counts, from 0.
    batch : int or None
        The last batch of the epoch that had been trained on; None at the end of an epoch.
    logs : mapping of str to float
        Loss and metrics, as Keras hands them to callbacks.
    marks : tuple of str
        What is wrong at this step, in words: a loss or weights that are NaN, numbers that could not be proved.
    """

    fit: int
    epoch: int
    batch: int | None
    logs: Mapping[str, float]
    marks: tuple[str, ...]
    opened: Callable[[], Trace] | None
    """Gives the trace, each time from disk where it lies there: thousands of open maps would be too many."""

    @property
    def trace(self) -> Trace:
        """The certified trace of the probe batch.

        Raises
        ------
        RecordingError
            If its numbers could not be proved; `marks` says why.
        """
        if self.opened is None:
            msg = f"there is no trace of epoch {self.epoch}: {'; '.join(self.marks)}"
            raise RecordingError(msg)
        return self.opened()

    @property
    def weights(self) -> dict[str, dict[str, GateWeights]]:
        """The weights of each layer, by gate: ``step.weights["lstm"]["forget_gate"].bias``."""
        return {name: layer.weights for name, layer in self.trace.items()}

    @property
    def outputs(self) -> object:
        """What the model predicted for the probe batch."""
        return self.trace.outputs
