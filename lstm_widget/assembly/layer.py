"""The arrays of one layer, written batch by batch."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from lstm_widget.assembly.room import Allocate, result_dtype
from lstm_widget.capture.record import Array, LayerRun
from lstm_widget.equations import Solution
from lstm_widget.errors import InputError, UnsupportedLayerError
from lstm_widget.layer_trace import LayerTrace, Origin
from lstm_widget.quantities import QUANTITIES, STATES
from lstm_widget.selection import Selection, as_slice
from lstm_widget.verification.certificate import Certificate, joined
from lstm_widget.weights import weights_of


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
            weights=weights_of(run.cell, result_dtype(run.cell)),
            activations={"activation": run.cell.activation.name, "recurrent_activation": run.cell.gate.name},
            reset_after=run.cell.reset_after,
            certificate=joined(self._certificates, self._errors),
            readout=run.readout,
            origin=Origin(rows, self._steps, self._selection.stride if self._joins else 0, run.outer),
        )


def _order(run: LayerRun) -> slice:
    """Turn processing order into input order, and back."""
    return slice(None, None, -1) if run.backward else slice(None)
