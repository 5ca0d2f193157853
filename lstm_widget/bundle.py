"""The browser's half: what js/ builds into static/, and wheels bring along."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from lstm_widget.errors import LSTMWidgetError


@cache
def read(name: str) -> str:
    """Give ``widget.js``, ``widget.css`` or ``page.js``.

    Raises
    ------
    LSTMWidgetError
        In a clone in which nothing was built yet.
    """
    try:
        return files("lstm_widget").joinpath("static", name).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        msg = (
            f"lstm_widget/static/{name} is missing: this is a clone whose browser side was not built. "
            "Type `make lab`, or `npm ci && npm run build` in js/"
        )
        raise LSTMWidgetError(msg) from error
