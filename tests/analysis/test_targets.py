"""What targets are beside outputs: class numbers, one of them hot, or values."""

import numpy as np
import pytest

import lstm_widget as lw
from lstm_widget.analysis.loss import losses, wrong
from lstm_widget.analysis.targets import expected_of

PROBABLE = np.array([[0.9, 0.1], [0.2, 0.8], [0.5, 0.5]])


@pytest.mark.parametrize(
    "targets",
    [[0, 1, 1], [0.0, 1.0, 1.0], [False, True, True], [[0], [1], [1]], [[1, 0], [0, 1], [0, 1]]],
    ids=["whole", "whole as floats", "bool", "a column", "one-hot"],
)
def test_all_ways_to_write_classes_mean_the_same(targets):
    found = expected_of(PROBABLE, targets)
    assert found.are_classes
    assert found.values.tolist() == [0, 1, 1]
    np.testing.assert_allclose(losses(PROBABLE, targets), -np.log([0.9, 0.8, 0.5]))
    assert wrong(PROBABLE, np.asarray(targets)).tolist() == [False, False, True]


def test_zeros_and_ones_are_values_where_outputs_are_no_probabilities():
    found = expected_of(np.array([[0.3, 4.0]]), [[0, 1]])
    assert not found.are_classes
    assert wrong(np.array([[0.3, 4.0]]), np.array([[0, 1]])) is None


def test_soft_labels_are_values():
    assert not expected_of(PROBABLE, [[0.5, 0.5], [1, 0], [0, 1]]).are_classes


def test_an_answer_that_is_none_does_not_hide_that_the_others_are_classes():
    outputs = np.array([[np.nan, np.nan], [0.2, 0.8]])
    assert expected_of(outputs, [[1, 0], [0, 1]]).values.tolist() == [0, 1]


def test_one_output_may_leave_its_axis_out():
    assert expected_of(np.zeros((2, 3, 1)), np.ones((2, 3))).values.shape == (2, 3, 1)


def test_what_is_no_number_is_refused():
    with pytest.raises(lw.InputError, match="no numbers"):
        losses(PROBABLE, np.array(["a", "b", "c"]))


ALONG = np.array([[[0.9, 0.1], [0.2, 0.8], [0.5, 0.5]]])


@pytest.mark.parametrize(
    "targets",
    [[[0, 1, -1]], [[0, 1, -100]], [[0, 1, np.nan]], [[[0], [1], [-1]]], [[[1, 0], [0, 1], [0, 0]]]],
    ids=["-1", "-100", "NaN", "a column", "one-hot, padded with zeros"],
)
def test_padding_expects_nothing(targets):
    found = expected_of(ALONG, targets)
    assert found.are_classes
    assert found.values.tolist() == [[0, 1, -1]]
    assert found.known.tolist() == [[True, True, False]]
    np.testing.assert_allclose(losses(ALONG, targets), -np.log([0.9, 0.8]).mean())


def test_values_that_are_not_known_do_not_count():
    outputs, targets = np.array([[[1.0], [2.0]], [[3.0], [4.0]]]), np.array([[0, np.nan], [np.nan, np.nan]])
    np.testing.assert_array_equal(losses(outputs, targets), [1, np.nan])
    outputs[0, 0] = np.nan
    assert np.isnan(losses(outputs, targets)[0]), "an answer that is none is no answer that nobody asked for"


@pytest.mark.parametrize("targets", [[-1, 1, 1], [np.nan, 1, 1], [[0, 0], [0, 1], [0, 1]]])
def test_of_a_whole_sequence_something_is_expected(targets):
    """-1 is more likely the other class of two."""
    try:
        assert not expected_of(PROBABLE, targets).are_classes
    except lw.InputError as error:
        assert "whole and in 0..1, and some are not" in str(error)  # noqa: PT017


def test_what_is_neither_a_class_nor_none_is_refused():
    with pytest.raises(lw.InputError, match=r"whole and in 0..1, or -1 where nothing is expected, and some are not"):
        expected_of(ALONG, [[0, 1, 255]])
