"""The most similar input."""

import numpy as np

from lstm_widget.analysis import nearest as module
from lstm_widget.analysis.nearest import nearest


def test_series_by_distance_and_tokens_by_how_many_differ():
    series = np.array([[0.0, 0.0], [3.0, 0.0], [2.0, 2.0]])
    assert nearest(series, 0, np.array([1, 2])) == 2
    tokens = np.array([[1, 1, 1], [100, 1, 1], [2, 2, 1]])
    assert nearest(tokens, 0, np.array([1, 2])) == 1


def test_what_is_no_number_is_far_away():
    assert nearest(np.array([[0.0], [np.nan], [9.0]]), 0, np.array([1, 2])) == 2


def test_in_pieces_it_is_the_same(monkeypatch):
    inputs = np.random.default_rng(0).normal(size=(50, 4))
    among = np.arange(1, 50)
    whole = nearest(inputs, 0, among)
    monkeypatch.setattr(module, "_CHUNK", 12)
    assert nearest(inputs, 0, among) == whole == 1 + np.square(inputs[1:] - inputs[0]).sum(axis=1).argmin()
