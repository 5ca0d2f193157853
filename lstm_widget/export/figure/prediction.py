"""What a model answered beside what was expected of it: a timestep or a sequence each, values or classes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from lstm_widget.analysis.loss import losses
from lstm_widget.analysis.outputs import output_of, targets_of
from lstm_widget.analysis.rows import by_row, pieces_of
from lstm_widget.analysis.targets import Expected, are_probabilities, expected_of
from lstm_widget.capture.record import Array
from lstm_widget.errors import InputError
from lstm_widget.export import picked
from lstm_widget.export.figure.bars import bars
from lstm_widget.export.figure.classes import classes
from lstm_widget.export.figure.lines import lines
from lstm_widget.export.figure.paper import sheet
from lstm_widget.export.figure.plot import inches
from lstm_widget.export.figure.points import points
from lstm_widget.serving import scene

if TYPE_CHECKING:
    from lstm_widget.trace import Trace

MOST = 6
"""Of more outputs, those that are furthest off; and of more numbers a sequence, a line along them."""


@dataclass(frozen=True)
class Answer:
    """A model's answers with what was expected.

    Attributes
    ----------
    outputs : (sample, output) or (sample, timestep, output)
    expected : Expected
    """

    outputs: Array
    expected: Expected

    def words(self, sample: int | None, mask: Array | None = None) -> str:
        """Say how far off a sample is, or all are; masked timesteps do not count."""
        rows = slice(None) if sample is None else slice(sample, sample + 1)
        said, wanted = self.outputs[rows], replace(self.expected, values=self.expected.values[rows])
        every = len(self.outputs)
        which = f"sample {sample}" if sample is not None else f"{every:,} sample{'' if every == 1 else 's'}"
        if mask is not None:
            said, wanted = said[:, mask], replace(wanted, values=wanted.values[:, mask])
        # Of other outputs than probabilities nobody knows here what the loss is.
        if not said.size or (wanted.are_classes and not are_probabilities(said)):
            return which
        if not wanted.known.any():
            return f"{which}: nothing is expected"
        name = "cross-entropy" if wanted.are_classes else "mean squared error"
        count = wanted.known.reshape(len(said), -1).sum(axis=1)
        # Each number that was expected counts alike, also where one sample has more of them.
        off = np.average(losses(said, wanted.values)[count > 0], weights=count[count > 0])
        return f"{which}: {name} {float(off):.3g}{_over(wanted.known)}"


def plot_prediction(
    trace: Trace, targets: Any, *, output: Any, sample: Any, timesteps: Any, width: Any, ax: Any
) -> Any:
    """Draw expected against predicted; see `Trace.plot_prediction`."""
    returned = output_of(trace.outputs, output)
    wanted = targets_of(targets, returned, output)
    outputs = _numbers(returned)
    answer = Answer(outputs, expected_of(outputs, by_row(wanted, len(outputs), trace.values())))
    row = None if sample is None else picked.index_of(sample, "sample", len(outputs))
    if outputs.ndim == 3:  # noqa: PLR2004
        bands, window = _along_time(trace, answer, row or 0, timesteps)
        return sheet(bands, window, inches(width), ax=ax)
    if timesteps is not None:
        msg = f"timesteps={timesteps!r}: this model answers once a sequence, not at each timestep; leave it out"
        raise InputError(msg)
    count = outputs.shape[1]
    if answer.expected.are_classes:
        bands = bars(outputs[row or 0], int(answer.expected.values[row or 0]), answer.words(row or 0))
        return sheet(bands, (0, 1), inches(width), ax=ax, axis=None)
    if count > MOST:
        said, wanted = outputs[row or 0][:, None], answer.expected.values[row or 0][:, None]
        bands = lines(said, wanted, ["output"], (0, count), answer.words(row or 0))
        return sheet(bands, (0, count), inches(width), ax=ax, axis="output")
    names = _names(range(count), count)
    bands = points(outputs, answer.expected.values, names, row, answer.words(None))
    return sheet(bands, (0, len(outputs)), inches(width), ax=ax, axis="sample")


def _along_time(trace: Trace, answer: Answer, row: int, timesteps: Any) -> tuple[Any, tuple[int, int]]:
    said, expected = answer.outputs[row], answer.expected
    mask = _mask_of(trace, answer.outputs, row)
    # As the widget opens: what was padded away is not half of the picture.
    whole = scene.unmasked_window(mask, len(said))
    window = whole if timesteps is None else picked.window_of(timesteps, len(said))
    masked = scene.masked_spans(mask)
    words = answer.words(row, mask)
    if expected.are_classes:
        return classes(said, expected.values[row], window, masked, words), window
    wanted, count = expected.values[row], said.shape[1]
    chosen = list(range(count))
    if count > MOST:
        off = np.where(np.isnan(wanted), 0, np.nan_to_num(np.square(said - wanted), nan=np.inf)).mean(axis=0)
        chosen = sorted(np.argsort(-off, kind="stable")[:MOST].tolist())
        words = f"the {MOST} of {count} outputs that are furthest off; {words}"
    bands = lines(said[:, chosen], wanted[:, chosen], _names(chosen, count), window, words, masked)
    return bands, window


def _over(known: Array) -> str:
    """Say of how many numbers that is, where some are not known."""
    return "" if known.all() else f" over {int(known.sum()):,} of {known.size:,} targets"


def _names(chosen: Any, count: int) -> list[str]:
    return [f"output {k}" if count > 1 else "output" for k in chosen]


def _numbers(found: Any) -> Array:
    """Give what the model returned as (sample, output) or (sample, timestep, output).

    Raises
    ------
    InputError
        If that is something else.
    """
    is_array = not isinstance(found, dict | list | tuple)
    outputs = np.asarray(found) if is_array else np.empty(0)
    if outputs.dtype.kind not in "iufb" or not 1 <= outputs.ndim <= 3 or not outputs.size:  # noqa: PLR2004
        shape = (
            f"an array of shape {outputs.shape} and dtype {outputs.dtype}" if is_array else f"a {type(found).__name__}"
        )
        msg = (
            f"the model returned {'nothing' if found is None else shape}; numbers of shape (sample, output) "
            "or (sample, timestep, output) can be drawn"
        )
        raise InputError(msg)
    return (outputs[:, None] if outputs.ndim == 1 else outputs).astype(np.float64)


def _mask_of(trace: Trace, outputs: Array, row: int) -> Array | None:
    """Give the mask of the last layer whose timesteps are those of the answers."""
    rows, timesteps = outputs.shape[:2]
    for layer in reversed(list(trace.values())):
        pieces = pieces_of(layer)
        own = not layer.origin.outer and layer.origin.steps == timesteps and layer.samples * pieces == rows
        if layer.mask is not None and own:
            return np.asarray(by_row(layer.mask, rows, [layer])[row])
    return None
