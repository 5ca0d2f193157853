"""All recurrent layers of one run of a model."""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lstm_widget.errors import LayerNotFoundError
from lstm_widget.layer_trace import LayerTrace


class Trace(Mapping[str, LayerTrace]):
    """What every recurrent layer of a model did for some inputs, in call order.

    A mapping from a layer's name, or the layer object itself, to its `LayerTrace`.

    Attributes
    ----------
    inputs, outputs : array, or list, tuple or dict of arrays
        What the model was given and what it returned, one row an input row.

    Examples
    --------
    >>> import lstm_widget as lw
    >>> trace = lw.example()
    >>> list(trace)
    ['lstm']
    >>> trace["lstm"].forget_gate.ndim
    3
    """

    def __init__(
        self,
        layers: Mapping[str, LayerTrace],
        *,
        inputs: Any,
        outputs: Any,
        objects: Mapping[str, object] | None = None,
    ) -> None:
        self._layers = dict(layers)
        self.inputs = inputs
        self.outputs = outputs
        # Weak: a trace must not keep a model in memory.
        self._objects = {name: weakref.ref(layer) for name, layer in (objects or {}).items()}

    def __getitem__(self, key: object) -> LayerTrace:
        if isinstance(key, str):
            if key in self._layers:
                return self._layers[key]
        else:
            for name, reference in self._objects.items():
                if reference() is key:
                    return self._layers[name]
        msg = f"{getattr(key, 'name', key)!r} is not in this trace; it holds {', '.join(map(repr, self._layers))}"
        raise LayerNotFoundError(msg)

    def __contains__(self, key: object) -> bool:
        try:
            self[key]
        except LayerNotFoundError:
            return False
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(self._layers)

    def __len__(self) -> int:
        return len(self._layers)

    @property
    def only(self) -> LayerTrace:
        """The layer, where there is just one.

        Raises
        ------
        LayerNotFoundError
            If there are several.
        """
        if len(self._layers) != 1:
            msg = f"this trace holds {len(self._layers)} layers; name one of {', '.join(map(repr, self._layers))}"
            raise LayerNotFoundError(msg)
        return next(iter(self._layers.values()))

    def live(self, name: str) -> Any:
        """Give the layer object that a part of this trace was made of; None once it is gone, or in a loaded trace."""
        reference = self._objects.get(name)
        return None if reference is None else reference()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the trace: one file for a path that ends in ``.npz``, else a directory of ``.npy`` files.

        Parameters
        ----------
        path : path
            Use a directory for what is large: `load` opens it as memory maps. There weights and whatever else does not
            grow with time share one ``small.npz``, up to 64 KiB each. A trace that stood there stays whole until the
            new one is; other files stay.

        Raises
        ------
        StorageError
            If something else stands at that path.
        """
        from lstm_widget.storage import save  # noqa: PLC0415  (reads this class)

        save(self, path)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Trace:
        """Read what `save` wrote. Nothing is executed: no pickle either way.

        Raises
        ------
        StorageError
            If it is not a saved trace.
        """
        from lstm_widget.storage import load  # noqa: PLC0415

        return load(path)

    def to_dataframe(self) -> Any:
        """Give all numbers as one tidy table.

        Returns
        -------
        pandas.DataFrame
            A row for each layer, sample, timestep and unit, in that order, and a column a quantity; NaN where a
            timestep is masked, and in the columns that a layer's cell does not have.

        Raises
        ------
        MissingPackageError
            Without pandas.
        TraceTooLargeError
            If the table would take more than half of the free memory.

        Examples
        --------
        >>> import lstm_widget as lw
        >>> table = lw.example().to_dataframe()
        >>> list(table.columns)[:5]
        ['layer', 'sample', 'timestep', 'unit', 'input_gate']
        >>> unit = table.query("sample == 3 and unit == 2")
        """
        from lstm_widget.export.dataframe import to_dataframe  # noqa: PLC0415  (reads this class)

        return to_dataframe(self)

    def to_xarray(self) -> Any:
        """Give all numbers with named axes.

        Returns
        -------
        xarray.DataTree
            A node a layer, a variable a quantity, and ``mask``, over the dimensions sample, timestep and unit. The
            coordinate ``input_row`` says in which row of the model's input a sample begins. Nothing is copied.

        Raises
        ------
        MissingPackageError
            Without xarray.

        Examples
        --------
        >>> import lstm_widget as lw
        >>> tree = lw.example().to_xarray()
        >>> tree["lstm"].forget_gate.sel(sample=3, unit=2).dims
        ('timestep',)
        """
        from lstm_widget.export.xarray import to_xarray  # noqa: PLC0415

        return to_xarray(self)

    def plot(  # noqa: PLR0917  (what one varies by hand comes first)
        self,
        layer: Any = None,
        sample: int = 0,
        units: int | Iterable[int] | None = None,
        quantities: str | Iterable[str] | None = None,
        timesteps: tuple[int, int] | None = None,
        width: float = 3.3,
        ax: Any = None,
    ) -> Any:
        """Draw a figure for a paper, as the widget looks: matplotlib, in inches, text of 8 points.

        Parameters
        ----------
        layer : str or layer, optional
            The last one, if left out.
        sample : int
        units : int or sequence of int, optional
            An integer draws the tracks of that unit: gates on 0..1 with a rule at 0.5, the memory with what was
            written and what was erased. Several draw a map of each quantity, a row a unit in that order; left out,
            all of them, by total change of the memory, as far as rows can be told apart.
        quantities : str or sequence of str, optional
            By name or symbol. All, if left out.
        timesteps : (start, stop), optional
            Those that are not masked, if left out.
        width : float
            Inches. The height follows from what is drawn.
        ax : matplotlib.axes.Axes, optional
            Where to draw; a figure of its own, if left out. pyplot never hears of it.

        Returns
        -------
        matplotlib.figure.Figure
            Shows itself in a notebook; ``.savefig("gates.pdf")`` keeps text as text.

        Raises
        ------
        InputError, LayerNotFoundError
            If there is no such layer, sample, unit, quantity or timestep; says what there is.

        Examples
        --------
        >>> import lstm_widget as lw
        >>> figure = lw.example().plot(units=3, sample=4)
        >>> float(figure.get_figwidth())
        3.3
        >>> figure = lw.example().plot(quantities=["f", "c"])
        """
        from lstm_widget.export.figure.plot import plot  # noqa: PLC0415  (imports matplotlib)

        return plot(
            self,
            layer=layer,
            sample=sample,
            units=units,
            quantities=quantities,
            timesteps=timesteps,
            width=width,
            ax=ax,
        )

    def plot_prediction(
        self,
        targets: Any,
        sample: int | None = None,
        timesteps: tuple[int, int] | None = None,
        width: float = 3.3,
        ax: Any = None,
        *,
        output: str | int | None = None,
    ) -> Any:
        """Draw what the model answered beside what was expected: a figure as `plot` gives it.

        An answer at each timestep is drawn along time: values as a line for what was predicted and a dashed one for
        what was expected, classes as a map of probabilities with a frame round the expected one. Of an answer a
        sequence, numbers are a point a sample, filled for predicted and open for expected; more than six of them, as
        a forecast gives, are two lines along them; classes are bars, and a diamond marks the expected one.

        Parameters
        ----------
        targets : array_like
            For each row of ``outputs``, as ``model.fit`` takes them: class numbers, (sample,) or (sample, timestep);
            one-hot classes; or values, of the shape of ``outputs``, whose last axis may be left out where it is one.
            A stateful model's may also be joined in time, as its arrays are. Where nothing is expected, as in padding,
            a class number is -1 or NaN, one-hot classes are all zero, a value is NaN; that does not count.
        sample : int, optional
            A row of ``outputs``. The first, if left out; where all samples are drawn, it is marked.
        timesteps : (start, stop), optional
            Those that are not masked, if left out.
        width : float
            Inches.
        ax : matplotlib.axes.Axes, optional
            Where to draw; a figure of its own, if left out.
        output : str or int, optional
            Of a model that returns several, which: by name of a dict, or place in a list. ``targets`` are those of this
            one, or a dict that holds them.

        Returns
        -------
        matplotlib.figure.Figure

        Raises
        ------
        InputError
            If the targets do not fit ``outputs``, these are not one array of numbers, or there is no such sample or
            timestep; says what was found and what fits.

        Examples
        --------
        >>> import lstm_widget as lw
        >>> trace = lw.example()
        >>> trace.outputs.shape  # (sample, timestep, class)
        (5, 31, 4)
        >>> targets = trace.outputs.argmax(axis=-1)
        >>> figure = trace.plot_prediction(targets, sample=3)
        """
        from lstm_widget.export.figure.prediction import plot_prediction  # noqa: PLC0415  (imports matplotlib)

        return plot_prediction(self, targets, output=output, sample=sample, timesteps=timesteps, width=width, ax=ax)

    def save_html(
        self,
        path: str | os.PathLike[str],
        samples: Iterable[int] | None = None,
        timesteps: tuple[int, int] | None = None,
        title: str | None = None,
        max_mb: float = 50,
    ) -> None:
        """Write one self-contained page that shows the trace; see `LSTMWidget.save_html`."""
        from lstm_widget.widget import LSTMWidget  # noqa: PLC0415  (reads this class)

        widget = LSTMWidget(self)
        try:
            widget.save_html(path, samples, timesteps, title, max_mb)
        finally:
            widget.close()

    def __repr__(self) -> str:
        from lstm_widget.tables import trace_text  # noqa: PLC0415

        return trace_text(self)

    def _repr_html_(self) -> str:
        from lstm_widget.tables import trace_html  # noqa: PLC0415

        return trace_html(self)
