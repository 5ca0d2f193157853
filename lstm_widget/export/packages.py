"""Packages that only some people need."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from lstm_widget.errors import MissingPackageError


def needed(name: str, what: str) -> Any:
    """Import a package of the extra ``tables``.

    Raises
    ------
    MissingPackageError
        If it is not installed.
    """
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        msg = f"{what} needs {name}, which is not installed; type: pip install 'lstm-widget[tables]'"
        raise MissingPackageError(msg, name=name) from error
