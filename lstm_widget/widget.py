"""LSTMWidget: the selection as traits, requests answered. What is shown comes from serving/."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import anywidget
import traitlets as t

from lstm_widget import bundle, staleness
from lstm_widget.errors import LSTMWidgetError, RecordingError
from lstm_widget.export.still import words_instead
from lstm_widget.opening import NO_ROOM, first_selection, room_of
from lstm_widget.pace import Pace
from lstm_widget.protocol import ErrorAnswer, Scene, SceneAnswer
from lstm_widget.recording.recording import Recording
from lstm_widget.recording.watchers import News
from lstm_widget.screen import Screen
from lstm_widget.serving.answers import answer
from lstm_widget.serving.shelf import Shelf
from lstm_widget.serving.shelves import Shelves
from lstm_widget.serving.steps import steps_of
from lstm_widget.traits import Flag, Index, LayerName, Number, OneOf, Order, QuantityName, Room, Selected, Units, Window
from lstm_widget.unattended import is_unattended

_SHOWN_BY = ("layer", "step", "sample", "sort")
"""What decides which scene is shown."""

_MAX_COUNT = 2**53
"""JavaScript counts no further."""


class LSTMWidget(anywidget.AnyWidget):
    """Click through the gates of a recurrent layer, inline in a notebook.

    Parameters
    ----------
    trace_or_model : Trace, keras.Model, Recording or mapping of names to traces
        A trace, or a model together with ``inputs``: then only the sample on screen and its neighbours are extracted.
        A recording gets one more slider, the steps of the training; one that is still empty fills while ``fit`` runs.
        Traces of the same layers, as in ``{"before": trace, "after": other}``, are compared.
    inputs : optional
        What ``model.predict`` takes, where there is a model.
    targets : (row,) or (row, ...), optional
        What the model should have answered to each row of the inputs, as ``model.fit`` takes it, once or at each
        timestep: class numbers, one-hot classes or values. A stateful model's may also be joined in time, as its
        arrays are. Where nothing is expected, as in padding, a class number is -1 or NaN, one-hot classes are all zero,
        a value is NaN. The first sample shown is the worst one.
    output : str or int, optional
        Of a model that returns several, by name of a dict or place in a list: the one that is shown as its prediction,
        and that ``targets`` belong to.
    timestep_labels : sequence, sequence a sample, DatetimeIndex or callable, optional
        What timesteps are called. A callable takes the sample's number.
    vocabulary : mapping or sequence, optional
        Names integer inputs.
    sample_labels : sequence of str, optional
        One a sample. Of rows that a stateful model joins, each may have one, and the first names the sample.
    feature_names : sequence of str, optional
        Names of the input's features.
    **selection : optional
        Where to start: any of the attributes below. What is left out is chosen: the last layer, the unit that
        pushes the answer most, the timestep at which its memory changes most.

    Attributes
    ----------
    layer : str
        Name of the layer on screen.
    step : int
        Of a recording, or which of several traces; 0 where there is only one.
    sample, timestep, unit : int
    pinned : list of int
        Units drawn over the selected one.
    quantity : str
        Shown in the map, by name (``"forget_gate"``); may be set by symbol (``"f"``).
    zoom : (int, int)
        The timesteps on screen, from and up to.
    sort : {"change", "index", "saturation", "half_life", "similarity:<unit>"}
        Order of the units in the map: by total change of the memory, as they are, by how often their gates are shut
        or open, by how long they remember, by likeness to a unit. "similarity" alone means the selected unit.
    panel : {"map", "all", "saturation", "weights"}
        The map of one quantity, of all, units by how saturated their gates are, or the weights of one gate.
    scale : {"shared", "unit", "logit"}
        How numbers of the map become colours: alike for all units, each unit by itself, or gates as logits.
    threshold : float or None
        Of the map's quantity.
    range : (int, int) or None
        A stretch of time, to ask what is special in it.
    compared : int or None
        The sample that is drawn dashed beside the selected one.
    compared_step : int or None
        The step of which it is; the selected sample's own, of that step, where ``compared`` is None.
    comparison : {"a", "b", "difference"}
        Which of the two the map shows.
    equation : str
        The quantity whose equation is open, by name or symbol; empty for none.
    diagram, veiled : bool
        Whether the cell diagram is open, and its values hidden.
    text : {"line", "rows"}
        How words are laid out.
    among : {"all", "wrong", "right"}
        Which samples are listed.
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
    _steps = t.Dict().tag(sync=True)
    _scene = t.Dict().tag(sync=True)
    _overview = t.Bytes().tag(sync=True)
    _problem = t.Unicode().tag(sync=True)
    _stale = t.Unicode().tag(sync=True)
    # Never set: only what is sent counts, and each message carries the count itself.
    _revision = t.Int().tag(sync=True, to_json=lambda _, widget: widget._shelves.revision)  # noqa: SLF001
    # Likewise: the count of the page's last message that had been read by then.
    _heard = t.Int().tag(sync=True, to_json=lambda _, widget: widget._read)  # noqa: SLF001

    # In the order in which one limits the next.
    layer = LayerName("")
    step = Index("steps")
    sample = Index("samples")
    unit = Index("units")
    sort = Order()
    timestep = Index("timesteps")
    pinned = Units()
    quantity = QuantityName(usual="forget_gate")
    zoom = Window()
    panel = OneOf("map", "all", "saturation", "weights")
    scale = OneOf("shared", "unit", "logit")
    threshold = Number()
    range = Window(optional=True)
    compared = Index("samples", optional=True)
    compared_step = Index("steps", optional=True)
    comparison = OneOf("a", "b", "difference")
    equation = QuantityName(usual="")
    diagram = Flag(default=True)
    veiled = Flag(default=False)
    text = OneOf("line", "rows")
    among = OneOf("all", "wrong", "right")
    height = t.Int(700, min=320, max=2000).tag(sync=True)

    def __init__(
        self,
        trace_or_model: Any,
        inputs: Any = None,
        *,
        targets: Any = None,
        output: str | int | None = None,
        timestep_labels: Any = None,
        vocabulary: Mapping[int, str] | Sequence[str] | None = None,
        sample_labels: Sequence[str] | None = None,
        feature_names: Sequence[str] | None = None,
        **selection: Any,
    ) -> None:
        settable = (*_SELECTION, "height")
        unknown = sorted(set(selection).difference(settable))
        if unknown:
            msg = f"LSTMWidget takes no argument {unknown[0]!r}; to start somewhere it takes {', '.join(settable)}"
            raise TypeError(msg)
        self._shelves = Shelves(
            steps_of(trace_or_model, inputs, output),
            targets=targets,
            output=output,
            timestep_labels=timestep_labels,
            vocabulary=vocabulary,
            sample_labels=sample_labels,
            feature_names=feature_names,
        )
        self._given = selection
        self._room = NO_ROOM
        self._scene_now: Scene
        self._shown: tuple[str, int, int, str] = ("", 0, 0, "")
        self._is_seen = False
        self._read = 0
        self._pace = Pace()
        super().__init__(_esm=bundle.read("widget.js"), _css=bundle.read("widget.css"), **self._opened())
        self.on_msg(self._on_message)
        staleness.watch(self)
        if isinstance(trace_or_model, Recording):
            trace_or_model.watch(self._hear)

    def _opened(self) -> dict[str, Any]:
        """Give all traits as the widget opens; of an empty recording only that it is one."""
        if self._shelves.is_waiting:
            height = {key: value for key, value in self._given.items() if key == "height"}
            return {"_steps": self._shelves.described(), **height}
        first, room = first_selection(self._shelves, self._given, _SELECTION)
        layer, sample, sort = first["layer"], first["sample"], first["sort"]
        number = self._shelves.numbers[first["step"]]
        shelf = self._shelves[number]
        scene, overview = shelf.scene(layer, sample, sort)
        # All at once: what fails before leaves a recording waiting, and is tried again at the next step.
        self._room, self._shown, self._scene_now = room, (layer, number, sample, sort), scene
        return {
            "_catalogue": self._shelves.catalogue(),
            "_steps": self._shelves.described(),
            "_scene": scene,
            "_overview": overview,
            "zoom": scene["unmasked"],
            **first,
        }

    @property
    def _is_open(self) -> bool:
        return bool(self._room.layers)

    @property
    def _shelf(self) -> Shelf:
        """What there is at the step on screen."""
        if not self._is_open:
            msg = "this recording has no step yet; train with its recorder first: model.fit(..., callbacks=[recorder])"
            raise RecordingError(msg)
        return self._shelves[self._shown[1]]

    @property
    def _screen(self) -> Screen:
        now = {key: getattr(self, key) for key in _SELECTION}
        return Screen(self._shelf, self._scene_now, now, _SELECTION, self.height, self._shelves.called(self._shown[1]))

    def figure(self, width: float = 3.3) -> Any:
        """Draw what is on screen for a paper: the tracks of the selected unit, the pinned over them, and the map.

        Parameters
        ----------
        width : float
            Inches.

        Returns
        -------
        matplotlib.figure.Figure
            As `Trace.plot` gives it.

        Raises
        ------
        InputError
            If that is no width.

        Examples
        --------
        >>> import lstm_widget as lw
        >>> w = lw.LSTMWidget(lw.example(), sample=4, unit=3)
        >>> figure = w.figure()
        """
        return self._screen.figure(width)

    def save_html(
        self,
        path: str | os.PathLike[str],
        samples: Iterable[int] | None = None,
        timesteps: tuple[int, int] | None = None,
        title: str | None = None,
        max_mb: float = 50,
    ) -> None:
        """Write one self-contained page that shows this widget: no kernel, no network, opens from disk.

        Everything that needs no kernel works there, with the numbers whole and exact: each gate's input and
        recurrent part travel along, the model's weights do not, so that their panel becomes the map. Of a recording, or
        of several traces, the page shows the step that is on screen, and says which.

        Parameters
        ----------
        path : path
            Such as ``"gates.html"``. What stands there is replaced.
        samples : sequence of int, optional
            Rows of the model's input; all, if left out.
        timesteps : (start, stop), optional
            All, if left out.
        title : str, optional
            Stands above the widget.
        max_mb : float
            A larger page is not written.

        Raises
        ------
        PageTooLargeError
            If the page would be larger, before anything is written; says what to type.
        InputError
            If there is no such sample or timestep.

        Examples
        --------
        >>> import lstm_widget as lw
        >>> w = lw.LSTMWidget(lw.example(), sample=4)
        >>> w.save_html("gates.html", samples=[3, 4], title="Counting")  # doctest: +SKIP
        """
        page = self._screen.page(samples=samples, timesteps=timesteps, title=title, max_mb=max_mb)
        Path(path).write_bytes(page)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Add a still for hosts that know no widgets: a saved notebook is most often read there."""
        self._is_seen = True
        self._catch_up()
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        data, metadata = bundle
        # Then there will be no kernel, nor is the widget offered: nbconvert would prefer that, and fetch it from a CDN.
        is_kept = is_unattended()
        if not self._is_open:
            return (words_instead(self._problem), metadata) if is_kept else bundle
        try:
            if is_kept:
                return {"text/plain": data["text/plain"], "text/html": self._screen.kept()}, metadata
            return {**data, "text/html": self._screen.still()}, metadata
        except Exception:  # noqa: BLE001  (matplotlib, its fonts, its settings: none may cost the user the widget)
            return bundle

    if hasattr(anywidget.AnyWidget, "_ipython_display_"):  # ipywidgets 7, Colab's, asks for no mimebundle

        def _ipython_display_(self, **kwargs: Any) -> None:
            from IPython.display import display  # noqa: PLC0415  (whoever calls this has it)

            data, metadata = self._repr_mimebundle_(**kwargs)
            # As ipywidgets does: Colab completes only what is displayed, not what is returned.
            display(data, metadata=metadata, raw=True)  # type: ignore[no-untyped-call]
            self._handle_displayed(**kwargs)

    def notice_changes(self) -> None:
        """Say on the page what has changed since its numbers were made: the model's weights, the steps there are."""
        # Whatever was being trained in a cell that has ended, is not any more.
        self._shelves.training = False
        self._catch_up()
        self._stale = self._shelves.changed()

    def _hear(self, news: News) -> None:
        """Show a training as it goes on; as long as nobody looks, nothing is made."""
        self._shelves.training = news != "end"
        if self._is_seen or news == "end":
            self._pace.run(self._catch_up, at_once=news != "step")

    def _catch_up(self) -> None:
        """Take up the steps that have come, and follow them where the last one was on screen."""
        shelves, before = self._shelves, self._shelves.numbers
        shelves.look()
        if self._is_open:
            with self.hold_sync():
                self._steps = {**shelves.described()}
                self._keep_steps(before)
                if not shelves.training and shelves.settle():
                    self._draw()
            self._send_along()
        elif shelves.is_waiting:
            self._steps = {**shelves.described()}
        else:
            self._open_late()

    def _send_along(self) -> None:
        """Send the newest step of a training also where another is on screen: the page may go there, and cannot ask."""
        newest = self._shelves.numbers[-1]
        if self._shelves.training and newest != self._shown[1]:
            layer, _, sample, sort = self._shown
            scene, overview = self._shelves[newest].scene(layer, sample, sort)
            self.send(SceneAnswer(id="", kind="scene", scene=scene), [overview])

    def _open_late(self) -> None:
        try:
            opened = self._opened()
        except (LSTMWidgetError, t.TraitError) as error:
            # What was typed before anybody could know what there is: it is said where it can be read.
            self._problem = str(error)
            return
        with self.hold_sync(), self.hold_trait_notifications():
            for key, value in opened.items():
                setattr(self, key, value)

    def _keep_steps(self, before: list[int]) -> None:
        """Point at the same steps as before, wherever they stand now."""
        now, shown = self._shelves.numbers, self._shown[1]
        if now == before:
            return

        def kept(number: int) -> int:
            # One that was thinned out is followed by the one before it.
            return max((place for place, other in enumerate(now) if other <= number), default=0)

        if self.compared_step is not None:
            self.compared_step = kept(before[self.compared_step])
        self.step = len(now) - 1 if shown == before[-1] else kept(shown)
        self._show(None)

    @property
    def room(self) -> Room:
        """What there is to select from."""
        room = replace(self._room, steps=len(self._shelves.numbers))
        # On the way to a first selection all that is checked was chosen together.
        if not (self.trait_has_value("unit") and self.trait_has_value("layer") and self.layer in room.layers):
            return self._room
        # A layer that was just set is not on screen yet, but the sample set next is one of its samples.
        return replace(room, samples=self._shelf.samples(self.layer), unit=self.unit)

    @t.observe(*_SHOWN_BY)
    def _show(self, _: Any) -> None:
        if (self.layer, self._shelves.numbers[self.step], self.sample, self.sort) != self._shown:
            self._draw()

    def _draw(self) -> None:
        """Replace the scene as a whole, and keep of the selection what still fits."""
        numbers = self._shelves.numbers
        try:
            number = numbers[_SELECTION["step"].kept(self.step, self.room)]
            shelf = self._shelves[number]
            sample = _SELECTION["sample"].kept(self.sample, self.room)
            room = room_of(shelf, len(numbers), self.layer, sample, self.unit)
            sort = _SELECTION["sort"].kept(self.sort, room)
            scene, overview = shelf.scene(self.layer, sample, sort)
        except LSTMWidgetError:
            with self.hold_trait_notifications():
                self.layer, shown, self.sample, self.sort = self._shown
                self.step = numbers.index(shown) if shown in numbers else self.step
            raise
        before, self._scene_now, self._room = self._scene_now, scene, room
        self._shown = (self.layer, number, sample, sort)
        with self.hold_sync():
            self._scene, self._overview, self._problem = dict(scene), overview, ""
            whole = self.zoom in (before["unmasked"], (0, before["timesteps"]))
            for key, trait in _SELECTION.items():
                setattr(self, key, trait.kept(getattr(self, key), self.room))
            if whole:
                self.zoom = scene["unmasked"]

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what the browser selected; what does not fit is made to, and sent back. What was read is said."""
        count, before = sync_data.get("_heard"), self._shelves.revision
        if type(count) is int and count < _MAX_COUNT:
            self._read = max(self._read, count)
        # Together: what one does to another, which is set next, is not worth a word.
        with self.hold_sync():
            for key, trait in _SELECTION.items():
                if key not in sync_data or not self._is_open:
                    continue
                try:
                    super().set_state({key: trait.fitted(sync_data[key], getattr(self, key), self.room)})
                except LSTMWidgetError as error:
                    self._problem = str(error)
                # What came as JSON is compared as JSON: a tuple would never equal its list.
                if (list(now) if isinstance(now := getattr(self, key), tuple) else now) != sync_data[key]:
                    self.send_state(key)
        if count is not None and self._shelves.revision == before:
            self.send_state("_heard")
        # Nothing else of ours is the browser's to set.
        super().set_state({key: value for key, value in sync_data.items() if key in ("layout", "tabbable", "tooltip")})

    def send_state(self, key: str | Iterable[str] | None = None) -> None:
        """Count what is sent: hosts lose messages, and a page that has another count knows that it missed one."""
        keys = {*(self.keys if key is None else [key] if isinstance(key, str) else key)}
        if keys:
            self._shelves.revision += 1
            super().send_state({*keys, "_revision", "_heard"})

    def _on_message(self, _: Any, message: Any, __: Any) -> None:
        self._is_seen = True
        content, buffers = answer(self._shelves, message)
        try:
            if content["kind"] == "refresh":
                # Before the answer, which says that it is there.
                self._draw()
                self.notice_changes()
            elif content["kind"] == "state":
                # Another process may have recorded more since.
                self._catch_up()
                if message["send"]:
                    self.send_state()
                content["revision"] = self._shelves.revision
        except LSTMWidgetError as error:
            content = ErrorAnswer(id=content["id"], kind="error", error=str(error))
        self.send(content, buffers)


_SELECTION = {key: trait for key, trait in vars(LSTMWidget).items() if isinstance(trait, Selected)}
"""What either side may select, in the order in which one limits the next."""
