"""LSTMWidget: the selection as traits, requests answered. What is shown comes from serving/."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import anywidget
import numpy as np
import traitlets as t

from lstm_widget import bundle
from lstm_widget.errors import LayerNotFoundError, LSTMWidgetError
from lstm_widget.quantities import find
from lstm_widget.serving.answers import answer
from lstm_widget.serving.shelf import Shelf
from lstm_widget.serving.source import source_of

_SHOWN_BY = ("layer", "sample", "sort")
"""What decides which scene is shown, in the order in which one limits the next."""

_SORTS = ("change", "index")

_WITHIN = ("unit", "timestep", "pinned", "quantity", "zoom")
"""What is selected within a scene."""


class LSTMWidget(anywidget.AnyWidget):
    """Click through the gates of a recurrent layer, inline in a notebook.

    Parameters
    ----------
    trace_or_model : Trace or keras.Model
        A trace, or a model together with ``inputs``: then only the sample on screen and its neighbours are extracted.
    inputs : optional
        What ``model.predict`` takes.
    targets : (sample,) or (sample, ...), optional
        What the model should have answered: class numbers or values. The first sample shown is the worst one.
    timestep_labels : sequence, sequence a sample, DatetimeIndex or callable, optional
        What timesteps are called. A callable takes the sample's number.
    vocabulary : mapping or sequence, optional
        Names integer inputs.
    sample_labels : sequence of str, optional
    feature_names : sequence of str, optional
        Names of the input's features.
    layer, sample, timestep, unit, pinned, quantity, zoom, sort, height : optional
        Where to start; see below. What is left out is chosen: the last layer, the unit that pushes the answer
        most, the timestep at which its memory changes most.

    Attributes
    ----------
    layer : str
        Name of the layer on screen.
    sample, timestep, unit : int
    pinned : list of int
        Units drawn over the selected one.
    quantity : str
        Shown in the map, by name (``"forget_gate"``); may be set by symbol (``"f"``).
    zoom : (int, int)
        The timesteps on screen, from and up to.
    sort : {"change", "index"}
        Order of the units in the map: by total change of the memory, or as they are.
    height : int
        CSS pixels, 320 to 2000.

    Raises
    ------
    traitlets.TraitError
        If a trait is set to what is not there; the message says what is.
    LSTMWidgetError
        As `extract` does; and if labels or targets do not fit.

    Examples
    --------
    >>> import lstm_widget as lw
    >>> w = lw.LSTMWidget(lw.example())
    >>> w.timestep = 3
    >>> w.quantity = "f"
    >>> w.quantity
    'forget_gate'
    """

    _esm = t.Unicode().tag(sync=True)
    _css = t.Unicode().tag(sync=True)
    _catalogue = t.Dict().tag(sync=True)
    _scene = t.Dict().tag(sync=True)
    _overview = t.Bytes().tag(sync=True)
    _problem = t.Unicode().tag(sync=True)

    layer = t.Unicode().tag(sync=True)
    sample = t.Int().tag(sync=True)
    timestep = t.Int().tag(sync=True)
    unit = t.Int().tag(sync=True)
    pinned = t.List(t.Int()).tag(sync=True)
    quantity = t.Unicode().tag(sync=True)
    zoom = t.Tuple(t.Int(), t.Int(), default_value=(0, 1)).tag(sync=True)
    sort = t.Enum(_SORTS, "change").tag(sync=True)
    height = t.Int(700, min=320, max=2000).tag(sync=True)

    def __init__(
        self,
        trace_or_model: Any,
        inputs: Any = None,
        *,
        targets: Any = None,
        timestep_labels: Any = None,
        vocabulary: Mapping[int, str] | Sequence[str] | None = None,
        sample_labels: Sequence[str] | None = None,
        feature_names: Sequence[str] | None = None,
        **selection: Any,
    ) -> None:
        settable = (*_SHOWN_BY, *_WITHIN, "height")
        unknown = sorted(set(selection).difference(settable))
        if unknown:
            msg = f"LSTMWidget takes no argument {unknown[0]!r}; to start somewhere it takes {', '.join(settable)}"
            raise TypeError(msg)
        self._shelf = Shelf(
            source_of(trace_or_model, inputs),
            targets=targets,
            timestep_labels=timestep_labels,
            vocabulary=vocabulary,
            sample_labels=sample_labels,
            feature_names=feature_names,
        )
        layer = self._known_layer(selection.get("layer", self._shelf.layers[-1]))
        sample = self._known_sample(layer, selection.get("sample", self._shelf.first_sample(layer)))
        self._shown = (layer, sample, selection.get("sort", "change"))
        self._scene_now, overview = self._shelf.scene(*self._shown)
        unit, timestep = self._shelf.first_place(layer, sample)
        first = {
            "layer": layer,
            "sample": sample,
            "unit": unit,
            "timestep": timestep,
            "quantity": self._usual_quantity(),
            "zoom": self._scene_now["unmasked"],
        }
        super().__init__(
            _esm=bundle.read("widget.js"),
            _css=bundle.read("widget.css"),
            _catalogue=self._shelf.catalogue(),
            _scene=self._scene_now,
            _overview=overview,
            **{**first, **selection},
        )
        self.on_msg(self._on_message)

    @t.validate("layer")
    def _validate_layer(self, proposal: Any) -> str:
        return self._known_layer(proposal["value"])

    @t.validate("sample")
    def _validate_sample(self, proposal: Any) -> int:
        return self._known_sample(self.layer, proposal["value"])

    @t.validate("timestep")
    def _validate_timestep(self, proposal: Any) -> int:
        return _index("timestep", proposal["value"], self._scene_now["timesteps"])

    @t.validate("unit")
    def _validate_unit(self, proposal: Any) -> int:
        return _index("unit", proposal["value"], self._scene_now["units"])

    @t.validate("pinned")
    def _validate_pinned(self, proposal: Any) -> list[int]:
        return list(dict.fromkeys(_index("pinned unit", unit, self._scene_now["units"]) for unit in proposal["value"]))

    @t.validate("quantity")
    def _validate_quantity(self, proposal: Any) -> str:
        trace, _ = self._shelf.at(*self._shown[:2])
        try:
            return find(trace.cell, proposal["value"]).name
        except LayerNotFoundError as error:
            raise t.TraitError(str(error)) from error

    @t.validate("zoom")
    def _validate_zoom(self, proposal: Any) -> tuple[int, int]:
        start, stop = proposal["value"]
        timesteps = self._scene_now["timesteps"]
        if not 0 <= start < stop <= timesteps:
            msg = f"zoom={(start, stop)} is no window; give (start, stop) with 0 <= start < stop <= {timesteps}"
            raise t.TraitError(msg)
        return start, stop

    @t.observe(*_SHOWN_BY)
    def _show(self, _: Any) -> None:
        """Replace the scene as a whole, and keep of the selection what still fits."""
        shown = (self.layer, self._fitting("sample", self.sample), self.sort)
        if shown == self._shown:
            return
        try:
            scene, overview = self._shelf.scene(*shown)
        except LSTMWidgetError:
            self.layer, self.sample, self.sort = self._shown
            raise
        before, self._scene_now, self._shown = self._scene_now, scene, shown
        with self.hold_sync():
            self.sample = shown[1]
            self._scene, self._overview, self._problem = scene, overview, ""
            for key in ("unit", "timestep", "pinned", "quantity"):
                setattr(self, key, self._fitting(key, getattr(self, key)))
            whole = self.zoom in (before["unmasked"], (0, before["timesteps"]))
            self.zoom = scene["unmasked"] if whole else self._fitting("zoom", self.zoom)

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what the browser selected; what does not fit is made to, and sent back."""
        for key in (*_SHOWN_BY, *_WITHIN):
            if key not in sync_data:
                continue
            try:
                super().set_state({key: self._fitting(key, sync_data[key])})
            except LSTMWidgetError as error:
                self._problem = str(error)
            # What came as JSON is compared as JSON: a tuple would never equal its list.
            if (list(now) if isinstance(now := getattr(self, key), tuple) else now) != sync_data[key]:
                self.send_state(key)
        # Nothing else of ours is the browser's to set.
        super().set_state({key: value for key, value in sync_data.items() if key in ("layout", "tabbable", "tooltip")})

    def _fitting(self, key: str, value: Any) -> Any:
        """Give the nearest value that a trait may have, to whatever the browser sent."""
        scene = self._scene_now
        if key in ("layer", "sort", "quantity"):
            known: Sequence[str] = {"layer": self._shelf.layers, "sort": _SORTS, "quantity": scene["quantities"]}[key]
            usual = self._usual_quantity() if key == "quantity" else getattr(self, key)
            return value if value in known else usual
        if key == "pinned":
            units = value if isinstance(value, list) else self.pinned
            return [unit for unit in units if isinstance(unit, int) and 0 <= unit < scene["units"]]
        timesteps = scene["timesteps"]
        if key == "zoom":
            start, stop = value if isinstance(value, list | tuple) and len(value) == 2 else scene["unmasked"]  # noqa: PLR2004
            start = _clamped(start, timesteps, 0)
            return start, max(start + 1, _clamped(stop, timesteps + 1, timesteps))
        lengths = {"sample": self._shelf.samples(self.layer), "timestep": timesteps, "unit": scene["units"]}
        return _clamped(value, lengths[key], getattr(self, key))

    def _usual_quantity(self) -> str:
        quantities = self._scene_now["quantities"]
        return "forget_gate" if "forget_gate" in quantities else quantities[0]

    def _known_layer(self, name: Any) -> str:
        if name not in self._shelf.layers:
            msg = f"layer={name!r} is not here; there is {', '.join(map(repr, self._shelf.layers))}"
            raise t.TraitError(msg)
        return str(name)

    def _known_sample(self, layer: str, sample: Any) -> int:
        return _index("sample", sample, self._shelf.samples(layer))

    def _on_message(self, _: Any, message: Any, __: Any) -> None:
        content, buffers = answer(self._shelf, message)
        self.send(content, buffers)


def _index(what: str, value: Any, length: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or not 0 <= value < length:
        msg = f"{what}={value!r} is not in 0..{length - 1}"
        raise t.TraitError(msg)
    return int(value)


def _clamped(value: Any, length: int, otherwise: int) -> int:
    known = isinstance(value, int | float) and not isinstance(value, bool) and np.isfinite(value)
    return int(min(max(value if known else otherwise, 0), length - 1))
