"""A whole trace, put together batch by batch."""

from __future__ import annotations

from typing import Any

from lstm_widget.assembly.layer import LayerAssembly
from lstm_widget.assembly.outputs import OutputAssembly
from lstm_widget.assembly.room import Room
from lstm_widget.capture.record import BatchRun
from lstm_widget.selection import Selection, as_slice
from lstm_widget.trace import Trace
from lstm_widget.verification.prove import prove


class TraceAssembly:
    """Proves each batch that ran, and writes it to its place.

    Parameters
    ----------
    selection : Selection
    room : Room
    batches : int
        How many there will be.
    inputs : tree of array
        The kept rows.
    """

    def __init__(self, selection: Selection, room: Room, batches: int, inputs: Any) -> None:
        self._selection = selection
        self._room = room
        self._batches = batches
        self._inputs = inputs
        self._outputs = OutputAssembly(selection)
        self._layers: dict[str, LayerAssembly] = {}
        self._objects: dict[str, object] = {}

    def add(self, batch: BatchRun) -> None:
        """Take in one more.

        Raises
        ------
        VerificationError
            If its numbers cannot be proved.
        """
        self._selection.check_found(batch.seen, [run.layer for run in batch.layers])
        rows = self._selection.rows_in(batch.start, batch.size)
        for whole in batch.layers:
            run = whole.take(as_slice(self._selection.samples_of(whole, rows)))
            if run.name not in self._layers:
                room = self._room.layer(len(self._layers))
                self._layers[run.name] = LayerAssembly(run, self._selection, self._batches, room)
                self._objects[run.name] = run.layer
            layer = self._layers[run.name]
            solution, certificate = prove(run, layer.place(run, batch.start + rows))
            layer.add(run, solution, certificate, batch.start + rows)
        self._outputs.add(batch.outputs, batch.size, batch.start, rows)

    def finished(self) -> Trace:
        """Make the trace, of which all batches must have come.

        Raises
        ------
        UnsupportedLayerError
            If a layer did not run in every batch.
        """
        return Trace(
            {name: layer.finished(self._batches) for name, layer in self._layers.items()},
            inputs=self._inputs,
            outputs=self._outputs.finished(),
            objects=self._objects,
        )
