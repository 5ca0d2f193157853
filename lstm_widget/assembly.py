"""Put the batches of a run together: allocate once, write each part where it belongs."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

import numpy as np

from lstm_widget import memory
from lstm_widget.capture.record import Array, Cell, LayerRun
from lstm_widget.equations import Solution
from lstm_widget.errors import InputError, TraceTooLargeError, UnsupportedLayerError
from lstm_widget.layer_trace import LayerTrace, Origin
from lstm_widget.quantities import QUANTITIES, STATES
from lstm_widget.selection import Selection, as_slice
from lstm_widget.verification.certificate import Certificate, joined
from lstm_widget.weights import split

Allocate = Callable[[str, tuple[int, ...], np.dtype[Any]], Array]


class Room(Protocol):
    """Where a trace is put together: `InMemory`, or `storage.OnDisk`."""

    def free_bytes(self) -> int:
        """Say how many may be taken."""

    def too_large(self, needed: str, free: str) -> str:
        """Say so, and what else could be done."""

    def layer(self, number: int) -> Allocate:
        """Give what makes the arrays of a layer, from a name, a shape and a dtype; they are not filled."""


class InMemory:
    """Room for arrays that no one else needs to find."""

    def free_bytes(self) -> int:
        """Leave the other half to the user."""
        return memory.free_bytes() // 2

    def too_large(self, needed: str, free: str) -> str:
        """Name the way round it."""
        return f"take {needed} and more; half of the free memory is {free}. Stream them to disk, path='trace', or take"

    def layer(self, number: int) -> Allocate:
        """Make them anywhere."""
        del number
        return lambda _, shape, dtype: np.empty(shape, dtype)


class SizeCheck:
    """Add up what will be allocated, and refuse before anything is.

    Parameters
    ----------
    rows : int
        How many rows of the inputs are kept.
    room : Room
    """

    def __init__(self, rows: int, room: Room) -> None:
        self._rows = rows
        self._room = room
        self._sizes: dict[str, int] = {}

    def announce(self, name: str, cell: Cell, shape: tuple[int, int, int]) -> None:
        """Count a layer that is about to run; shape is (samples a row, timesteps, features).

        Raises
        ------
        TraceTooLargeError
            If all layers so far take more than there is room for.
        """
        if name in self._sizes:
            return
        samples, timesteps, features = shape
        numbers = self._rows * samples * timesteps * (len(QUANTITIES[cell.kind]) * cell.units + features)
        self._sizes[name] = numbers * result_dtype(cell).itemsize
        needed, free = sum(self._sizes.values()), self._room.free_bytes()
        if needed > free:
            rows = max(1, int(self._rows * free / 2 / needed))
            msg = (
                f"the gates of {', '.join(map(repr, self._sizes))} for {self._rows:,} rows "
                f"{self._room.too_large(_readable(needed), _readable(free))} "
                f"fewer rows, such as samples=range({rows}), or fewer layers, such as layers=[{name!r}]"
            )
            raise TraceTooLargeError(msg)


class LayerAssembly:
    """The arrays of one layer, while its batches come in.

    Parameters
    ----------
    first : LayerRun
        The layer's first part; all others must look like it.
    selection : Selection
    batches : int
        How many batches there will be.
    allocate : callable
        Makes an array that is not filled, from a name, a shape and a dtype: in memory or on disk.
    """

    def __init__(self, first: LayerRun, selection: Selection, batches: int, allocate: Allocate) -> None:
        self._first = first
        self._selection = selection
        self._steps = first.shape[1]
        self._joins = first.stateful
        self._repeats = math.prod(first.outer)
        samples = len(selection.samples if self._joins else selection.rows) * self._repeats
        timesteps = self._steps * (batches if self._joins else 1)
        dtype = result_dtype(first.cell)
        self._values = {
            q.name: allocate(q.name, (samples, timesteps, first.cell.units), dtype) for q in QUANTITIES[first.cell.kind]
        }
        self._inputs = allocate("inputs", (samples, timesteps, first.inputs.shape[-1]), dtype)
        self._mask = None if first.mask is None else np.empty((samples, timesteps), bool)
        self._errors = np.empty((samples, timesteps), np.float32)
        self._initial = [np.empty((samples, first.cell.units), dtype) for _ in first.initial_state]
        self._certificates: list[Certificate] = []
        self._ended: tuple[Array, ...] = ()

    def place(self, run: LayerRun, rows: Array) -> Solution | None:
        """Give the arrays into which the solution of this part can be written at once, in processing order.

        None where it must be copied: because it is rounded otherwise, or its samples do not stand together.

        Raises
        ------
        InputError
            If the part is not as long as the first, or masked where the first was not.
        """
        if run.shape[1] != self._steps or (run.mask is None) != (self._mask is None):
            msg = (
                f"layer {run.name!r} ran over {self._steps} timesteps in one batch and over {run.shape[1]} in another "
                "(or was masked in one only); pad all batches to one length"
            )
            raise InputError(msg)
        samples, steps = self._where(run, rows)
        if not isinstance(samples, slice) or run.outputs.dtype != result_dtype(run.cell):
            return None
        return {name: values[samples, steps][:, _order(run)] for name, values in self._values.items()}

    def add(self, run: LayerRun, solution: Solution, certificate: Certificate, rows: Array) -> None:
        """Write the part that belongs to these rows of the inputs, or what of it is not written yet.

        Raises
        ------
        UnsupportedLayerError
            If the part of a stateful layer does not begin where the last one ended.
        """
        if self._joins:
            self._refuse_a_gap(run)
        samples, steps = where = self._where(run, rows)
        order = _order(run)
        for name, target in self._values.items():
            if not np.may_share_memory(target, solution[name]):
                target[where] = solution[name][:, order]
        self._inputs[where] = run.inputs[:, order]
        if self._mask is not None and run.mask is not None:
            self._mask[where] = run.mask[:, order]
            self._forget_what_was_not_computed(samples, steps)
        self._errors[where] = certificate.errors
        if steps.start == 0:
            for initial, state in zip(self._initial, run.initial_state, strict=True):
                initial[samples] = state
        self._certificates.append(replace(certificate, errors=None))
        self._ended = run.final_state

    def _where(self, run: LayerRun, rows: Array) -> tuple[slice | Array, slice]:
        if self._joins:
            first = self._steps * len(self._certificates)
            return slice(0, len(rows)), slice(first, first + self._steps)
        samples = Selection.samples_of(run, self._selection.places(rows))
        return as_slice(samples), slice(0, self._steps)

    def _forget_what_was_not_computed(self, samples: slice | Array, steps: slice) -> None:
        assert self._mask is not None  # noqa: S101  (asked by the caller)
        numbers = np.arange(self._mask.shape[0])[samples]
        for name, values in self._values.items():
            if name not in STATES[self._first.cell.kind]:
                for sample in numbers:
                    values[sample, steps][~self._mask[sample, steps]] = np.nan

    def _refuse_a_gap(self, run: LayerRun) -> None:
        for before, now in zip(self._ended, run.initial_state, strict=False):
            if before.tobytes() != now.tobytes():
                msg = (
                    f"stateful layer {run.name!r} did not begin a batch with the state in which it ended the one "
                    "before (it runs more than once a batch, or is given or reset its state), so its batches cannot be "
                    "joined in time. Extract one batch at a time, or leave the layer out with layers=[...]"
                )
                raise UnsupportedLayerError(msg)

    def finished(self, parts: int) -> LayerTrace:
        """Make the trace of the layer, of which ``parts`` batches must have come.

        Raises
        ------
        UnsupportedLayerError
            If the layer did not run in every batch.
        """
        run = self._first
        if len(self._certificates) != parts:
            ran = len(self._certificates)
            msg = f"layer {run.name!r} ran in {ran} of {parts} batches; leave it out with layers=[...]"
            raise UnsupportedLayerError(msg)
        kind = run.cell.kind
        rows = self._selection.samples if self._joins else np.repeat(self._selection.rows, self._repeats)
        return LayerTrace(
            name=run.name,
            cell=kind,
            direction="backward" if run.backward else "forward",
            values=self._values,
            mask=self._mask,
            inputs=self._inputs,
            initial_state=dict(zip(STATES[kind], self._initial, strict=True)),
            weights=split(run.cell, result_dtype(run.cell)),
            activations={"activation": run.cell.activation.name, "recurrent_activation": run.cell.gate.name},
            reset_after=run.cell.reset_after,
            certificate=joined(self._certificates, self._errors),
            readout=run.readout,
            origin=Origin(rows, self._steps, self._selection.stride if self._joins else 0, run.outer),
        )


class OutputAssembly:
    """What the model returned, row by row."""

    def __init__(self, selection: Selection) -> None:
        self._selection = selection
        self._parts: list[Any] = []
        self._rows: list[Array] = []

    def add(self, outputs: Any, size: int, start: int, rows: Array) -> None:
        """Keep these rows of a batch; what has no row a sample is kept whole."""
        self._rows.append(start + rows)
        self._parts.append(_map(lambda a: a[rows] if a.ndim and len(a) == size else np.atleast_1d(a), outputs))

    def finished(self) -> Any:
        """Give one array an output, in the order of the selection."""
        order = np.argsort(self._selection.places(np.concatenate(self._rows)))
        return _map(lambda *arrays: _ordered(np.concatenate(arrays), order), *self._parts)


def result_dtype(cell: Cell) -> np.dtype[Any]:
    """Give float64 for a layer that computes in it, else float32."""
    return np.dtype(np.float64 if cell.kernel.dtype == np.float64 else np.float32)


def _order(run: LayerRun) -> slice:
    """Turn processing order into input order, and back."""
    return slice(None, None, -1) if run.backward else slice(None)


def _ordered(array: Array, order: Array) -> Array:
    return array[order] if len(array) == len(order) else array


def _map(function: Any, *trees: Any) -> Any:
    first = trees[0]
    if isinstance(first, dict):
        return {key: _map(function, *(tree[key] for tree in trees)) for key in first}
    if isinstance(first, list | tuple):
        return type(first)(_map(function, *children) for children in zip(*trees, strict=True))
    return function(*trees)


def _readable(size: float) -> str:
    for unit in ("bytes", "KB", "MB"):
        if size < 1000:  # noqa: PLR2004
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
