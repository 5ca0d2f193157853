"""Notice, after each cell of the notebook, that a model was trained on since its numbers were made."""

from __future__ import annotations

import sys
import weakref
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lstm_widget.widget import LSTMWidget


def watch(widget: LSTMWidget) -> None:
    """Tell the widget after each cell; where there is no IPython, nobody runs cells."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is None:
        return
    # Weak: the notebook's events must not keep a widget, and its model, in memory.
    watched = weakref.ref(widget)

    def check(_: Any) -> None:
        alive = watched()
        if alive is None or alive.comm is None:
            shell.events.unregister("post_run_cell", check)
        else:
            alive.notice_changes()

    shell.events.register("post_run_cell", check)
