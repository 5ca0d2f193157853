"""How wrong an answer is."""

import numpy as np
import pytest

import lstm_widget as lw
from lstm_widget.analysis.loss import losses


def test_classes_get_their_cross_entropy():
    outputs = np.array([[0.5, 0.25, 0.25], [0.125, 0.875, 0.0]])
    np.testing.assert_allclose(losses(outputs, np.array([1, 0])), [np.log(4), np.log(8)])


def test_values_get_their_mean_squared_error():
    np.testing.assert_allclose(losses(np.array([[1.0], [3.0]]), np.array([0.0, 5.0])), [1, 4])


def test_classes_a_timestep_are_averaged():
    outputs = np.full((1, 4, 2), 0.5)
    np.testing.assert_allclose(losses(outputs, np.zeros((1, 4), int)), [np.log(2)])


def test_an_impossible_answer_is_the_worst_not_infinite():
    found = losses(np.array([[1.0, 0.0], [0.5, 0.5]]), np.array([1, 1]))
    assert np.isfinite(found).all()
    assert found.argmax() == 0


def test_targets_that_do_not_fit_are_refused():
    with pytest.raises(lw.InputError, match=r"\(2, 3\).*\(2, 2\)"):
        losses(np.zeros((2, 2)), np.zeros((2, 3)))
