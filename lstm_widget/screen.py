"""What is on screen, taken to where no widget runs: as a figure, as a page, as a still."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lstm_widget.errors import PageTooLargeError
from lstm_widget.export.page.html import NOTE
from lstm_widget.export.still import WIDTH, still, under
from lstm_widget.protocol import Scene
from lstm_widget.serving.shelf import Shelf
from lstm_widget.traits import Selected

_KEPT_MB = 1.5
"""Of a page that a notebook carries; beside it nbclient keeps the widget's traits, another MB."""


@dataclass(frozen=True)
class Screen:
    """What a widget shows at one moment.

    Attributes
    ----------
    shelf : Shelf
    scene : protocol.Scene
        Of that shelf.
    selection : mapping
        The value of each trait that selects.
    traits : mapping of Selected
        Those traits.
    height : int
        CSS pixels.
    step : str
        What is on screen of a training or of several traces, in words; empty where there is nothing else.
    """

    shelf: Shelf
    scene: Scene
    selection: Mapping[str, Any]
    traits: Mapping[str, Selected]
    height: int
    step: str

    def figure(self, width: float) -> Any:
        """Draw it for a paper; see `LSTMWidget.figure`."""
        from lstm_widget.export.figure.plot import widget_figure  # noqa: PLC0415  (imports matplotlib)
        from lstm_widget.export.figure.window import Window  # noqa: PLC0415

        trace, place = self.shelf.at(self.scene["layer"], self.scene["sample"])
        start, stop = self.selection["zoom"]
        return widget_figure(
            Window(trace, place, start, stop, self.scene["ranges"]),
            units=list(dict.fromkeys([self.selection["unit"], *self.selection["pinned"]])),
            quantity=self._quantity,
            order=self.scene["order"],
            name_of=self._name_of,
            width=width,
        )

    def page(self, **given: Any) -> bytes:
        """Make a page of it, or of more; see `LSTMWidget.save_html`."""
        from lstm_widget.export.page.make import page_of  # noqa: PLC0415  (few people save a page)

        return page_of(self.shelf, self.selection, self.traits, self.height, step=self.step, **given)

    def still(self) -> str:
        """Give it as HTML: a picture with the numbers below it."""
        timestep, unit = self.selection["timestep"], self.selection["unit"]
        trace, place = self.shelf.at(self.scene["layer"], self.scene["sample"])
        when = (self.step, self._name_of(timestep))
        return still(self.figure(WIDTH), trace, (place, timestep, unit), self.scene, when)

    def kept(self) -> str:
        """Give HTML for a notebook without a kernel: a page of all samples or of this one, over a still."""
        picture = self.still()
        row = self.scene["sample"] * self.shelf.rows // self.shelf.samples(self.scene["layer"])
        height = self.height + (NOTE if self.step else 0)
        for samples in (None, [row]):
            try:
                return under(self.page(samples=samples, max_mb=_KEPT_MB).decode(), picture, height)
            except PageTooLargeError:
                continue
        return picture

    @property
    def _quantity(self) -> str:
        """What the map shows: as in the browser the first there is, where the selected one was not kept."""
        wanted, kept = self.selection["quantity"], self.scene["quantities"]
        return str(wanted if wanted in kept else kept[0])

    def _name_of(self, timestep: int) -> str:
        return self.shelf.timestep_labels(self.scene["layer"], self.scene["sample"], timestep, timestep + 1)[0]
