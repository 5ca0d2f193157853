"""The document: style, script and data in one text, and nothing that could be taken for something else."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import escape
from importlib.metadata import version
from typing import Any

from lstm_widget import bundle

# Said by the page itself, so that it asks nobody for anything wherever it is opened.
_POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"

_STYLE = """
:root { color-scheme: light dark; }
:root[theme="light"] { color-scheme: light; }
body { margin: 0 auto; max-width: 1600px; padding: 12px; background: #fff; color: #1f1f1f;
  font: 15px / 1.4 system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; }
.lw-page-note { margin: 0 8px 8px; font-size: 13px; }
h1 { margin: 0 8px 8px; font-size: 17px; font-weight: 600; }
@media (prefers-color-scheme: dark) { :root:not([theme="light"]) body { background: #171717; color: #e6e6e6; } }
"""

NOTE = 28
"""Pixels of a note above the widget."""
_ROOT = '<html lang="en">'


def light(page: str) -> str:
    """Keep a page light whatever its reader's system prefers: for hosts that are light themselves."""
    return page.replace(_ROOT, '<html lang="en" theme="light">', 1)


def document(data: Mapping[str, Any], title: str | None, note: str = "") -> str:
    """Give the page as text.

    Parameters
    ----------
    data : mapping
        JSON for the script; may hold any text.
    title : str, optional
        Stands above; without one there is only the widget.
    note : str
        Stands between them, in small letters.
    """
    below = f'<p class="lw-page-note">{escape(note)}</p>\n' if note else ""
    heading = "" if title is None else f"<h1>{escape(title)}</h1>\n"
    # "<" alone ends the element or opens a comment in it, whatever follows.
    numbers = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")
    return f"""<!doctype html>
{_ROOT}
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="generator" content="lstm_widget {version("lstm-widget")}">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<title>{escape(title or "lstm_widget")}</title>
<style>{bundle.read("widget.css")}{_STYLE}</style>
</head>
<body>
{heading}{below}<main id="lw-page"></main>
<noscript>This page draws the gates of a recurrent layer with JavaScript, which is switched off here.</noscript>
<script type="application/json" id="lw-data">{numbers}</script>
<script type="module">{_inline(bundle.read("page.js"))}</script>
</body>
</html>
"""


def _inline(script: str) -> str:
    """Make a script safe inside of an element: in its strings and patterns, where alone these can stand."""
    return re.sub(r"<(?=/script|!--)", r"\\x3c", script, flags=re.IGNORECASE)
