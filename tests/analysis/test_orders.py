"""Orders of units, by what their gates and their memory do."""

import warnings

import numpy as np
import pytest
from handmade import layer_of

import lstm_widget as lw
from lstm_widget.analysis.half_life import half_life
from lstm_widget.analysis.ordering import ORDERS, ordered
from lstm_widget.analysis.saturation import saturation
from lstm_widget.analysis.similarity import similarity

F = [[0.05, 0.5, 0.95], [0.05, 0.5, 0.95], [0.5, 0.5, 0.95], [0.5, 0.5, 0.95]]
MASK = [True, True, True, False]


def test_saturation_is_the_share_of_timesteps_below_and_above():
    shares = saturation(layer_of(f=F), 0)
    np.testing.assert_array_equal(shares[1], [[0.5, 0, 0], [0, 0, 1]])
    assert shares.shape == (3, 2, 3)
    assert (shares[[0, 2]] == 0).all()


def test_masked_timesteps_do_not_count_as_saturated_or_not():
    f = np.array(F)
    f[3] = np.nan
    np.testing.assert_allclose(saturation(layer_of(f=f, mask=MASK), 0)[1], [[2 / 3, 0, 0], [0, 0, 1]])


def test_exactly_a_tenth_is_not_shut_and_nine_tenths_not_open():
    assert (saturation(layer_of(f=np.array([[0.25, 0.5, 0.75]] * 4)), 0) == 0).all()
    edges = np.array([[np.float32(0.1), np.float32(0.9), 0.5]] * 4)
    assert (saturation(layer_of(f=edges), 0) == 0).all()


def test_the_most_saturated_unit_comes_first():
    assert ordered(layer_of(f=F), 0, "saturation") == [2, 0, 1]


def test_half_life_is_where_half_is_left():
    lives = half_life(layer_of(f=np.array([[0.5, 0.25, np.sqrt(0.5)]] * 4)), 0)
    np.testing.assert_allclose(lives, [1, 0.5, 2], rtol=1e-6)


def test_half_life_at_the_ends_and_where_there_is_none():
    f = [[0, 1, np.nan]] * 4
    np.testing.assert_array_equal(half_life(layer_of(f=f), 0), [0, np.inf, np.nan])
    assert ordered(layer_of(f=f), 0, "half_life") == [1, 0, 2]


def test_half_life_is_by_the_median_of_what_is_not_masked():
    f = np.array([[0.5], [0.5], [0.99], [np.nan]])
    assert half_life(layer_of(f=f, mask=MASK, units=1), 0) == pytest.approx(1)


def test_a_gru_keeps_by_its_update_gate():
    assert ordered(layer_of("gru", z=[[0.1, 0.9, 0.5]] * 4), 0, "half_life") == [1, 2, 0]


@pytest.mark.parametrize("sort", ["saturation", "half_life"])
def test_without_gates_the_order_is_by_change(sort):
    h = np.array([[0, 0, 0], [0.1, 0.3, 0.2], [0, 0, 0], [0, 0, 0]])
    assert ordered(layer_of("simple_rnn", h=h), 0, sort) == [1, 2, 0]


def test_similarity_is_the_correlation_of_the_memory(rng):
    c = rng.normal(size=(50, 4))
    layer = layer_of(c=c, timesteps=50, units=4)
    np.testing.assert_allclose(similarity(layer, 0, 1), np.corrcoef(c.T)[1], atol=1e-5)


def test_similar_units_come_first_and_the_unit_itself_before_them():
    up = np.arange(4.0)
    c = np.stack([-up, 2 * up + 1, [0, 1, 0, 1], np.full(4, 0.3), up], axis=1)
    layer = layer_of(c=c, units=5)
    assert ordered(layer, 0, "similarity:4") == [4, 1, 2, 0, 3], "a constant cannot be compared: last"
    assert ordered(layer, 0, "similarity:3") == [3, 0, 1, 2, 4], "nothing is like a constant; it comes first still"


def test_masked_timesteps_do_not_make_units_alike():
    c = np.array([[0, 0], [1, -1], [2, -2], [900, 900]])
    assert similarity(layer_of(c=c, units=2, mask=MASK), 0, 0)[1] == pytest.approx(-1)


ODD = {
    "not a number": np.full((4, 3), np.nan),
    "some not numbers": np.where(np.eye(4, 3) > 0, np.nan, 0.5),
    "infinite": np.full((4, 3), np.inf),
    "constant": np.full((4, 3), 0.7),
    "as large as they come": np.array([[3e38, -3e38, 0]] * 2 + [[-3e38, 3e38, 1]] * 2),
}


@pytest.mark.parametrize("sort", [*ORDERS, "similarity:1"])
@pytest.mark.parametrize("mask", [None, [False] * 4], ids=["", "all masked"])
@pytest.mark.parametrize("values", ODD.values(), ids=ODD)
def test_every_order_holds_every_unit_once(values, mask, sort):
    layer = layer_of(f=values, i=values, c=values, mask=mask)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert sorted(ordered(layer, 0, sort)) == [0, 1, 2]


@pytest.mark.parametrize("sort", [*ORDERS, "similarity:0"])
def test_one_timestep_and_one_unit(sort):
    assert ordered(layer_of(timesteps=1, units=1), 0, sort) == [0]


def test_orders_of_the_example_say_what_they_say():
    layer = lw.example().only
    lives = half_life(layer, 1)[ordered(layer, 1, "half_life")]
    assert (np.diff(lives) <= 0).all()
    shares = saturation(layer, 1).sum(axis=(0, 1))[ordered(layer, 1, "saturation")]
    assert (np.diff(shares) <= 0).all()
    alike = similarity(layer, 1, 5)[ordered(layer, 1, "similarity:5")]
    assert (np.diff(alike) <= 1e-12).all()
