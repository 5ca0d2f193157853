"""A constant end that the layer reads."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_widget.analysis.padding import padded_ends

BUSY = np.random.default_rng(0).normal(size=(100, 2))


def padded(before=0, after=0, value=0.0):
    return np.concatenate([np.full((before, 2), value), BUSY, np.full((after, 2), value)])


def test_zeros_at_either_end():
    assert padded_ends(padded(after=20)) == [(100, 120)]
    assert padded_ends(padded(before=10, after=20, value=7.0)) == [(0, 10), (110, 130)]


def test_a_short_constant_end_is_no_padding():
    assert padded_ends(padded(after=4)) == []


def test_a_constant_series_is_no_padding():
    assert padded_ends(np.zeros((50, 2))) == []
    assert padded_ends(np.zeros((1, 2))) == []


def test_one_feature_that_moves_is_no_padding():
    series = padded(after=20)
    series[:, 1] = np.arange(120)
    assert padded_ends(series) == []


def test_what_is_masked_is_not_read_and_so_not_said():
    assert padded_ends(padded(after=20), np.arange(120) < 100) == []
    # A mask that ends too late: the rest of the padding is read.
    assert padded_ends(padded(after=20), np.arange(120) < 110) == [(100, 110)]


@pytest.mark.parametrize("dtype", ["int32", "float32", "bool"])
def test_any_kind_of_numbers(dtype):
    series = np.concatenate([np.arange(40) % 2, np.zeros(20)]).astype(dtype)
    assert padded_ends(series) == [(40, 60)]


@given(st.lists(st.integers(0, 2), max_size=60), st.lists(st.booleans(), max_size=60))
def test_an_end_is_constant_unmasked_and_cannot_be_longer(values, mask):
    length = min(len(values), len(mask))
    series, read = np.array(values[:length]), np.array(mask[:length], bool)
    for start, stop in padded_ends(series, read) if length else []:
        assert len(set(series[start:stop])) == 1
        assert read[start] or read[stop - 1]
