"""A training as a sequence of steps."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, overload

from lstm_widget.errors import StorageError
from lstm_widget.recording.on_disk import StepsOnDisk
from lstm_widget.recording.step import Step
from lstm_widget.recording.steps import Steps
from lstm_widget.recording.watchers import News


class Recording(Sequence[Step]):
    """What a `GateRecorder` kept: ``recording[k].trace``, ``.weights``, ``.logs``, ``.outputs``.

    Its length, its steps and its slices may be asked for at any time, also while training runs: a recording that
    is still going on has more steps when it is asked again. A slice stays what it was.

    The last step is the end of the training. Weights that are put back after it, as by
    ``EarlyStopping(restore_best_weights=True)``, are those of an earlier step: the one whose ``logs`` are best.

    Examples
    --------
    >>> import keras, numpy as np
    >>> import lstm_widget as lw
    >>> x, y = np.ones((8, 5, 1), "float32"), np.ones((8, 1), "float32")
    >>> model = keras.Sequential([keras.Input((5, 1)), keras.layers.LSTM(2, name="lstm"), keras.layers.Dense(1)])
    >>> model.compile("sgd", "mse")
    >>> recorder = lw.GateRecorder(x[:2])
    >>> _ = model.fit(x, y, epochs=3, callbacks=[recorder], verbose=0)
    >>> recording = recorder.recording
    >>> len(recording), recording[-1].epoch
    (3, 2)
    >>> recording[-1].trace["lstm"].forget_gate.shape
    (2, 5, 2)
    """

    def __init__(self, steps: Steps, numbers: Sequence[int] | None = None) -> None:
        self._steps = steps
        self._chosen = numbers

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Recording:
        """Open what `save`, or a recorder with ``path=``, wrote: also while it is still being written.

        Nothing is read until it is asked for, and no pickle ever; arrays come as memory maps.

        Raises
        ------
        StorageError
            If it is not a recording.
        """
        steps = StepsOnDisk(Path(path))
        steps.check()
        return cls(steps)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write a folder with a saved `Trace` a step, which `load` opens.

        Raises
        ------
        StorageError
            If something stands at that path.
        """
        target = Path(path)
        if target.exists():
            msg = f"{target} exists; nothing was overwritten. Choose another path, or delete it"
            raise StorageError(msg)
        # Under another name until it is whole.
        part = target.with_name(f"{target.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        copy = StepsOnDisk(part)
        copy.begin()
        for number in self._numbers():
            copy.add(number, self._steps.read(number))
        part.rename(target)

    def to_xarray(self) -> Any:
        """Give all steps with named axes: `Trace.to_xarray` with one more dimension, ``step``, and the logs.

        Returns
        -------
        xarray.DataTree
            A node a layer: its quantities, (step, sample, timestep, unit), its ``mask``, and its weights by gate, such
            as ``forget_gate_bias`` (step, unit). A node ``logs``: ``loss`` and whatever else ``fit`` logged, (step,).
            At the root ``marks``: what is wrong at a step. Steps are counted by `numbers`; ``fit``, ``epoch`` and
            ``batch`` (-1 at the end of an epoch) are coordinates beside them. A step without a trace is NaN.

        Raises
        ------
        MissingPackageError
            Without xarray.
        TraceTooLargeError
            If it would take more than half of the free memory; `Recording` slices: ``recording[::10].to_xarray()``.
        RecordingError
            If there is no step with a trace.

        Examples
        --------
        >>> import keras, numpy as np
        >>> import lstm_widget as lw
        >>> x, y = np.ones((8, 5, 1), "float32"), np.ones((8, 1), "float32")
        >>> model = keras.Sequential([keras.Input((5, 1)), keras.layers.LSTM(2, name="lstm"), keras.layers.Dense(1)])
        >>> model.compile("sgd", "mse")
        >>> recorder = lw.GateRecorder(x[:2])
        >>> _ = model.fit(x, y, epochs=3, callbacks=[recorder], verbose=0)
        >>> tree = recorder.recording.to_xarray()
        >>> tree["logs"]["loss"].dims
        ('step',)
        >>> tree["lstm"]["forget_gate"].sel(step=2, sample=0, unit=1).dims
        ('timestep',)
        """
        from lstm_widget.recording.labelled import to_xarray  # noqa: PLC0415  (reads this class)

        return to_xarray(self[:])

    @property
    def numbers(self) -> list[int]:
        """What each step is called for good: they grow, with gaps where steps were thinned out or sliced away."""
        return list(self._numbers())

    def numbered(self, number: int) -> Step:
        """Give the step with that number, wherever it stands now.

        Raises
        ------
        StorageError
            If it was thinned out on disk.
        KeyError
            If there is none.
        """
        return self._steps.read(number)

    def watch(self, method: Callable[[News], Any]) -> None:
        """Call a bound method when training begins, at each step, and when it is over: as long as its owner lives.

        Only a recorder in this process calls; a slice stays what it was, and hears nothing.
        """
        if self._chosen is None:
            self._steps.watchers.add(method)

    def __len__(self) -> int:
        return len(self._numbers())

    @overload
    def __getitem__(self, index: int) -> Step: ...
    @overload
    def __getitem__(self, index: slice) -> Recording: ...
    def __getitem__(self, index: int | slice) -> Step | Recording:
        numbers = self._numbers()
        if isinstance(index, slice):
            return Recording(self._steps, numbers[index])
        try:
            return self._steps.read(numbers[index])
        except IndexError:
            msg = f"step {index} of a recording that has {len(numbers)} so far"
            raise IndexError(msg) from None

    def __iter__(self) -> Iterator[Step]:
        return map(self._steps.read, self._numbers())

    def _numbers(self) -> Sequence[int]:
        return self._steps.numbers() if self._chosen is None else self._chosen

    def __repr__(self) -> str:
        from lstm_widget.recording.table import text  # noqa: PLC0415  (reads this class)

        return text(self)

    def _repr_html_(self) -> str:
        from lstm_widget.recording.table import html  # noqa: PLC0415

        return html(self)
