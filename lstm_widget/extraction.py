"""From a model and its inputs to a Trace: capture, then solve and verify."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple

from lstm_widget.assembly.room import InMemory, Room, SizeCheck
from lstm_widget.assembly.trace import TraceAssembly
from lstm_widget.capture.record import BatchRun
from lstm_widget.progress import shown
from lstm_widget.selection import Selection
from lstm_widget.storage import OnDisk
from lstm_widget.trace import Trace


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


class Extractor:
    """Extracts from the same inputs time and again, while the model changes.

    Parameters
    ----------
    model, inputs, layers
        As for `extract`.
    """

    def __init__(self, model: Any, inputs: Any, *, layers: Iterable[str | object] | str | None = None) -> None:
        self._wanted = {"model": model, "inputs": inputs, "layers": layers}
        self._calls = 0
        self._traced: Callable[[], Callable[[], Trace]] | None = None

    def __call__(self) -> Callable[[], Trace]:
        """Run the model as it is now, and give what proves that run, at any time and in any thread.

        From the second call on it is traced: to do so takes as long as many runs. A model that cannot be traced, or
        whose Python code may do something else the next time, is proved at the call.

        Raises
        ------
        LSTMWidgetError
            As `extract` does; what concerns the numbers, where they are proved.
        """
        self._calls += 1
        if self._calls == 2:  # noqa: PLR2004
            self._traced = _traced(**self._wanted)
        if self._traced is None:
            return partial(_itself, extract(**self._wanted))
        return self._traced()


def _traced(**wanted: Any) -> Callable[[], Callable[[], Trace]] | None:
    with _opened(**wanted) as opened:
        traced = opened.session.traced(opened.batches, opened.selection.wants)
    if traced is None:
        return None

    def proved(ran: list[Any]) -> Trace:
        return opened.trace(InMemory(), ran, traced.written_down)

    return lambda: partial(proved, [traced.run(batch) for batch in opened.batches])


def _itself(trace: Trace) -> Trace:
    return trace


def _extract(room: Room, model: Any, inputs: Any, **wanted: Any) -> Trace:
    with _opened(model, inputs, **wanted) as opened:
        run = partial(opened.session.run, wanted=opened.selection.wants)
        return opened.trace(room, shown(opened.batches), run)


class _Opened(NamedTuple):
    session: Any
    selection: Selection
    batches: list[Any]
    inputs: Any

    def trace(self, room: Room, batches: Iterable[Any], run: Callable[..., BatchRun]) -> Trace:
        """Run all batches, and put together what they give."""
        whole = TraceAssembly(self.selection, room, len(self.batches), self.inputs)
        size = SizeCheck(len(self.selection.rows), room)
        for batch in batches:
            whole.add(run(batch, announce=size.announce))
        return whole.finished()


@contextmanager
def _opened(
    model: Any,
    inputs: Any,
    *,
    layers: Iterable[str | object] | str | None = None,
    samples: Iterable[int] | int | None = None,
    batch_size: int | None = None,
    jit_compile: bool | None = None,
) -> Iterator[_Opened]:
    from lstm_widget.capture.keras import session  # noqa: PLC0415  (imports TensorFlow, which takes seconds)

    with session(model, inputs, batch_size, jit_compile) as opened:
        selection = Selection(opened.rows, opened.lanes, layers, samples)
        inputs = opened.rows_of_inputs(selection.rows)
        yield _Opened(opened, selection, opened.batches_with(selection.rows), inputs)


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
