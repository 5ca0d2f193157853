"""A small trace that ships with the package, for a first look without a model."""

from __future__ import annotations

from importlib.resources import as_file, files

from lstm_widget.trace import Trace


def example() -> Trace:
    """Give the trace of a small LSTM that was trained to count: a a a X b b b.

    It read n times ``a``, then ``X``, and learned to expect as many ``b`` as there were ``a``, then the end.
    ``make.py`` beside this file is the script that trained it and wrote the trace.

    Returns
    -------
    Trace
        One layer, ``"lstm"``. Inputs are one-hot: a, X, b, end; shorter words are masked behind their end.

    Examples
    --------
    >>> import lstm_widget as lw
    >>> lw.example().only.cell
    'lstm'
    """
    with as_file(files("lstm_widget").joinpath("counting", "trace.npz")) as path:
        return Trace.load(path)
