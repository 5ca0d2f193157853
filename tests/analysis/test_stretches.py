"""Long sequences are gone through a stretch at a time, and nothing of that is to be seen."""

import numpy as np
import pytest
from handmade import layer_of

from lstm_widget.analysis import half_life as half_lives
from lstm_widget.analysis import stretches as cut
from lstm_widget.analysis.change import busiest_timestep, busiest_units
from lstm_widget.analysis.half_life import half_life
from lstm_widget.analysis.matches import matches
from lstm_widget.analysis.saturation import saturation
from lstm_widget.analysis.similarity import similarity
from lstm_widget.analysis.stretches import stretches

QUESTIONS = {
    "order by change": lambda layer: busiest_units(layer, 0),
    "busiest timestep": lambda layer: [busiest_timestep(layer, 0, unit) for unit in range(layer.units)],
    "half-life": lambda layer: half_life(layer, 0),
    "matches": lambda layer: matches(layer, 0, "f", (8, 21), 0.6),
    "saturation": lambda layer: saturation(layer, 0),
    "similarity": lambda layer: similarity(layer, 0, 2),
}


@pytest.fixture(scope="module")
def layer():
    rng = np.random.default_rng(5)
    mask = rng.random(40) > 0.2
    values = {symbol: rng.random((40, 5)) for symbol in "ifgoch"}
    values["f"][~mask] = np.nan
    return layer_of(mask=mask, timesteps=40, units=5, **values)


def test_stretches_are_all_timesteps_once(layer, monkeypatch):
    monkeypatch.setattr(cut, "_NUMBERS", 15)
    found = list(stretches(layer, 2, 9))
    assert found == [slice(2, 5), slice(5, 8), slice(8, 9)]
    assert sum(steps.stop - steps.start for steps in stretches(layer)) == layer.timesteps


@pytest.mark.parametrize("question", QUESTIONS)
def test_short_stretches_give_the_same_answer(layer, question, monkeypatch):
    whole = QUESTIONS[question](layer)
    monkeypatch.setattr(cut, "_NUMBERS", 35)
    monkeypatch.setattr(half_lives, "_NUMBERS", 80)
    np.testing.assert_allclose(QUESTIONS[question](layer), whole, rtol=1e-12)
