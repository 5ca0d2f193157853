"""Whether a program runs the notebook and keeps what it displays: nbconvert, papermill, Sphinx."""

from __future__ import annotations

import os
import sys


def is_unattended() -> bool:
    """Say whether the running cell was sent by one that cannot be asked anything.

    Such a program says so with each cell (``allow_stdin``), and the notebooks that people sit at say the opposite.
    Voila runs cells like such a program, but keeps the kernel for whoever looks; Colab is left out to be sure.
    """
    if "google.colab" in sys.modules or any(name.startswith("VOILA_") for name in os.environ):
        return False
    ipython = sys.modules.get("IPython")
    shell = None if ipython is None else ipython.get_ipython()
    asked = getattr(shell, "parent_header", None)
    content = asked.get("content") if isinstance(asked, dict) else None
    return isinstance(content, dict) and content.get("allow_stdin") is False
