"""From a model and its inputs to a Trace: capture, then solve and verify."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from lstm_widget.assembly import InMemory, LayerAssembly, OutputAssembly, Room, SizeCheck
from lstm_widget.progress import shown
from lstm_widget.selection import Selection, as_slice
from lstm_widget.storage import OnDisk
from lstm_widget.trace import Trace
from lstm_widget.verification.prove import prove


def extract(
    model: Any,
    inputs: Any,
    *,
    layers: Iterable[str | object] | str | None = None,
    samples: Iterable[int] | int | None = None,
    batch_size: int | None = None,
    jit_compile: bool | None = None,
    path: str | os.PathLike[str] | None = None,
) -> Trace:
    """Compute every gate and state of every recurrent layer for some inputs, and prove them.

    The model runs once, in inference, batch by batch as ``model.predict`` would run it. The gates are taken out of
    that run (where they cannot be, computed from its own hidden states), and held against the equations of the cell
    and against all else that the layer gave back. The model, its weights and its stored states are as before
    afterwards, also after an error.

    Parameters
    ----------
    model : keras.Model or keras.layers.Layer
        Any built Keras 3 model on TensorFlow, or one recurrent layer.
    inputs : array, or list, tuple or dict of arrays, tf.data.Dataset or keras.utils.PyDataset
        What ``model.predict`` takes: one row a sample, such as (samples, timesteps, features).
    layers : names or layer objects, optional
        Only these recurrent layers.
    samples : int or iterable of int, optional
        Only these rows of the inputs; of a stateful model, these rows of its batch.
    batch_size : int, optional
        Rows that run at once: 32 as in ``predict``, or the model's static batch size.
    jit_compile : bool, optional
        As in Keras. None makes h the way the model's own ``predict`` does. True runs the layer's own code under
        XLA: faster for long sequences, another rounding, and so, for a chaotic layer, another valid run.
    path : path, optional
        A new directory. Batch by batch the arrays go there, and the trace has them as memory maps: it may be larger
        than memory. `Trace.load` opens it again.

    Returns
    -------
    Trace
        Read-only arrays (sample, timestep, unit), float32 (float64 where the layer computes in float64).

    Raises
    ------
    ModelError
        If it is not a built Keras 3 model on TensorFlow with a recurrent layer.
    InputError
        If the inputs or an argument do not fit the model.
    LayerNotFoundError
        If ``layers`` names one that does not run.
    UnsupportedLayerError
        If a layer's equations are not known here; leave it out with ``layers=``.
    TraceTooLargeError
        If the result would take more than half of the free memory, or than the free disk.
    StorageError
        If something stands at ``path``.
    VerificationError
        If the numbers cannot be proved. There is no switch to turn that off.
    ModelChangedError
        If the weights change while the model runs.

    Examples
    --------
    >>> import keras, numpy as np
    >>> import lstm_widget as lw
    >>> model = keras.Sequential([keras.Input((20, 3)), keras.layers.LSTM(8, name="lstm"), keras.layers.Dense(1)])
    >>> trace = lw.extract(model, np.zeros((4, 20, 3), "float32"))
    >>> trace["lstm"].forget_gate.shape
    (4, 20, 8)
    """
    wanted: dict[str, Any] = {"layers": layers, "samples": samples}
    wanted |= {"batch_size": batch_size, "jit_compile": jit_compile}
    if path is None:
        return _extract(InMemory(), model, inputs, **wanted)
    room = OnDisk(path)
    try:
        trace = _extract(room, model, inputs, **wanted)
        room.finish(trace)
    except BaseException:  # Ctrl-C, too
        room.abandon()
        raise
    return trace


def _extract(
    room: Room,
    model: Any,
    inputs: Any,
    *,
    layers: Iterable[str | object] | str | None,
    samples: Iterable[int] | int | None,
    batch_size: int | None,
    jit_compile: bool | None,
) -> Trace:
    from lstm_widget.capture.keras import session  # noqa: PLC0415  (imports TensorFlow, which takes seconds)

    with session(model, inputs, batch_size, jit_compile) as opened:
        selection = Selection(opened.rows, opened.lanes, layers, samples)
        size = SizeCheck(len(selection.rows), room)
        outputs = OutputAssembly(selection)
        parts: dict[str, LayerAssembly] = {}
        objects: dict[str, object] = {}
        batches = opened.batches_with(selection.rows)
        for batch in shown(batches):
            ran = opened.run(batch, wanted=selection.wants, announce=size.announce)
            selection.check_found(ran.seen, [run.layer for run in ran.layers])
            rows = selection.rows_in(batch.start, batch.size)
            for whole in ran.layers:
                run = whole.take(as_slice(selection.samples_of(whole, rows)))
                if run.name not in parts:
                    parts[run.name] = LayerAssembly(run, selection, len(batches), room.layer(len(parts)))
                    objects[run.name] = run.layer
                part = parts[run.name]
                solution, certificate = prove(run, part.place(run, batch.start + rows))
                part.add(run, solution, certificate, batch.start + rows)
            outputs.add(ran.outputs, batch.size, batch.start, rows)
        return Trace(
            {name: part.finished(len(batches)) for name, part in parts.items()},
            inputs=opened.rows_of_inputs(selection.rows),
            outputs=outputs.finished(),
            objects=objects,
        )


def describe(model: Any, inputs: Any) -> tuple[int, bool]:
    """Count the rows of the inputs, and say whether the model is stateful; nothing runs.

    Raises
    ------
    ModelError, InputError
        As `extract` does.
    """
    from lstm_widget.capture.keras import session  # noqa: PLC0415

    with session(model, inputs, None, None) as opened:
        return opened.rows, opened.lanes is not None
