"""Right and wrong, by loss, and the nearest right sample."""

import numpy as np
import pytest

import lstm_widget as lw
from lstm_widget.serving.judge import Judge

OUTPUTS = np.array([[0.9, 0.1], [0.2, 0.8], [0.4, 0.6], [0.7, 0.3]])
TARGETS = np.array([0, 0, 1, 0])


def judge(outputs=OUTPUTS, targets=TARGETS, samples=4):
    return Judge(lambda: outputs, targets, samples)


def test_found_among_and_by():
    assert list(judge().found("all", "index")) == [0, 1, 2, 3]
    assert list(judge().found("wrong", "index")) == [1]
    assert list(judge().found("right", "loss")) == [2, 3, 0]
    assert list(judge().found("all", "loss")) == [1, 2, 3, 0]
    assert judge().worst() == 1
    assert judge().verdict(1) == (pytest.approx(-np.log(0.2)), True)


def test_a_loss_that_is_no_number_comes_first_but_does_not_open():
    outputs = np.where(np.arange(4)[:, None] == 3, np.nan, OUTPUTS)
    assert judge(outputs).found("all", "loss")[0] == 3
    assert judge(outputs).worst() == 1


def test_without_targets_there_is_no_verdict():
    nobody = judge(targets=None)
    assert (nobody.worst(), nobody.verdict(0), nobody.output(0)) == (0, (None, None), None)
    for ask in (lambda: nobody.found("wrong", "index"), lambda: nobody.found("all", "loss")):
        with pytest.raises(lw.InputError, match="targets=y"):
            ask()
    with pytest.raises(lw.InputError, match="a class for each"):
        nobody.nearest(0, np.zeros((4, 2)))


def test_values_have_a_loss_but_are_not_right_or_wrong():
    values = judge(np.array([[1.0], [2.0]]), np.array([1.0, 5.0]), 2)
    assert values.worst() == 1
    assert values.verdict(1) == (9.0, None)
    with pytest.raises(lw.InputError):
        values.found("right", "index")


def test_outputs_that_are_not_one_a_sample_give_no_verdict():
    assert judge(samples=5, targets=np.zeros(5, int)).verdict(0) == (None, None)


def test_the_nearest_is_of_the_true_class_and_right():
    inputs = np.array([[0.0], [1.0], [1.1], [3.0]])
    # Sample 2 is nearer, but of another class; sample 1 itself is wrong.
    assert judge().nearest(1, inputs) == 0
    inputs[0] = -9
    assert judge().nearest(1, inputs) == 3


def test_no_other_right_sample_is_said():
    with pytest.raises(lw.InputError, match="no other sample of class 1"):
        judge().nearest(2, np.zeros((4, 1)))


@pytest.mark.parametrize("targets", [TARGETS[:, None], np.eye(2)[TARGETS]], ids=["a column", "one-hot"])
def test_classes_are_found_however_they_are_written(targets):
    inputs = np.array([[0.0], [1.0], [1.1], [3.0]])
    assert list(judge(targets=targets).found("wrong", "index")) == [1]
    assert judge(targets=targets).nearest(1, inputs) == 0
    with pytest.raises(lw.InputError, match="no other sample of class 1"):
        judge(targets=targets).nearest(2, inputs)


def test_one_output_between_0_and_1_is_right_or_wrong_also_of_a_column_of_targets():
    outputs, targets = np.array([[0.9], [0.2], [0.7]]), np.array([[1], [1], [1]])
    binary = judge(outputs, targets, 3)
    assert list(binary.found("wrong", "index")) == [1]
    assert binary.nearest(1, np.array([[0.0], [1.0], [1.1]])) == 2


def test_of_what_nothing_is_expected_comes_last():
    outputs = np.tile(OUTPUTS[:, None], (1, 3, 1))
    targets = np.zeros((4, 3), int)
    targets[2] = -1
    assert list(judge(outputs, targets).found("all", "loss")) == [1, 3, 0, 2]
    assert judge(outputs, targets).worst() == 1
