"""The colour tables that widget, figure and page share."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

NAMES = {"gate-light": "Greys", "gate-dark": "gray", "signed-light": "RdBu_r", "signed-dark": "berlin"}
"""Our name -> matplotlib's. Gates are ink on paper, so that colour is left to say one thing: the sign."""


HUES = ("#0072b2", "#c04a00", "#8a4fa8", "#00805e", "#1a1a1a", "#9a6b00")
"""Of lines and symbols on white, by the quantity's place in its cell's table; for the browser: ``js/src/colour.ts``."""

NAN = "#d6ccbe"
"""A flat grey that no table holds: a number that is none, though its timestep is not masked."""


@cache
def tables() -> dict[str, str]:
    """Give each table's 256 RGB triples as one string of hexadecimal digits.

    They are kept in a file, because matplotlib takes a second to import and older ones lack "berlin".
    """
    text = files("lstm_widget").joinpath("colours.json").read_text(encoding="utf-8")
    loaded: dict[str, str] = json.loads(text)
    return loaded
