"""How much the memory moves."""

import numpy as np

import lstm_widget as lw
from lstm_widget.analysis.change import busiest_units, change


def test_change_is_the_distance_to_the_previous_cell_state():
    layer = lw.example().only
    moved = change(layer, 1)
    by_hand = [
        np.abs(layer.cell_state[1, t] - (layer.cell_state[1, t - 1] if t else 0)) for t in range(layer.timesteps)
    ]
    np.testing.assert_allclose(moved, by_hand, rtol=1e-6)


def test_masked_timesteps_change_nothing():
    layer = lw.example().only
    assert (change(layer, 0)[~layer.mask[0]] == 0).all()


def test_the_busiest_unit_comes_first():
    layer = lw.example().only
    total = change(layer, 2).sum(axis=0)
    assert (np.diff(total[busiest_units(layer, 2)]) <= 0).all()
