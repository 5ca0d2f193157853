"""Which units are above a threshold in a range and below it outside."""

import numpy as np
import pytest
from handmade import layer_of

from lstm_widget.analysis.matches import best_matches, matches


def found(c, span, threshold, **options):
    shares = matches(layer_of(c=c, timesteps=len(c), units=len(c[0]), **options), 0, "c", span, threshold)
    return best_matches(shares), shares.tolist()


def test_inside_above_and_outside_below_is_exact():
    #      always   half of it   never above   above everywhere
    c = [[0, 0, 0, 2], [2, 2, 0, 2], [2, 0, 0, 2], [0, 0, 0, 2]]
    assert found(c, (1, 3), 1) == ([0, 1, 3], [1, 0.75, 0, 0.5])


def test_a_unit_that_does_nothing_does_not_win_in_a_short_range():
    c = np.zeros((100, 2))
    c[50, 1] = c[:40, 1] = 2
    assert found(c.tolist(), (50, 51), 1)[0] == [1]


def test_at_the_threshold_is_not_above():
    assert found([[1.0], [0.0]], (0, 1), 1) == ([], [0])
    assert found([[2.0], [1.0]], (0, 1), 1) == ([0], [1])


def test_the_whole_sequence_has_no_outside():
    assert found([[2, 2], [2, 0]], (0, 2), 1) == ([0, 1], [1, 0.5])


def test_masked_timesteps_do_not_count():
    # States are carried through masked timesteps: above, but nothing was computed.
    c = [[2, 0], [2, 0], [2, 2], [2, 2]]
    assert found(c, (0, 2), 1, mask=[True, True, False, False]) == ([0], [1, 0])
    assert found(c, (2, 4), 1, mask=[True, True, False, False]) == ([], [0, 0])


@pytest.mark.parametrize("value", [np.nan, -np.inf])
def test_what_is_no_number_never_matches_inside(value):
    assert found([[value], [0.0]], (0, 1), 0.5)[0] == []


def test_what_is_no_number_is_not_below_either():
    assert found([[1.0], [np.nan]], (0, 1), 0.5) == ([0], [0.5])
