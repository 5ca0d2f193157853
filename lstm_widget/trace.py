"""All recurrent layers of one run of a model."""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterator, Mapping
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
            Use a directory for what is large: `load` opens it as memory maps.

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

    def __repr__(self) -> str:
        from lstm_widget.tables import trace_text  # noqa: PLC0415

        return trace_text(self)

    def _repr_html_(self) -> str:
        from lstm_widget.tables import trace_html  # noqa: PLC0415

        return trace_html(self)
