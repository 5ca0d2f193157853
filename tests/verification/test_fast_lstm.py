"""The compiled pass, held against the plain equations and the plain comparison."""

from dataclasses import replace

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recordings import record, record_layer, solved
from small_models import data, randomise, sequential

import lstm_widget as lw
from lstm_widget.capture.keras import xla
from lstm_widget.equations.sequence import previous
from lstm_widget.verification import fast_lstm
from lstm_widget.verification.fast_lstm import solve_and_compare
from lstm_widget.verification.rows import Rows
from lstm_widget.verification.verify import verify

L = keras.layers


@pytest.fixture(autouse=True)
def small_is_worth_it(monkeypatch):
    monkeypatch.setattr(fast_lstm, "_WORTH", 0)
    # 8 rows a block at 4 units: many blocks, and a last one that is not full.
    monkeypatch.setattr(fast_lstm, "_NUMBERS", 32)


def fast(run):
    into = {name: np.full(run.shape, np.nan, "f4") for name in solved(run)}
    return into, solve_and_compare(run, into)


OPTIONS = [
    {},
    {"masked": True},
    {"masked": True, "zero_output_for_mask": True},
    {"go_backwards": True},
    {"use_bias": False},
    {"unroll": True, "masked": True},
    {"implementation": 1},
    {"samples": 1, "timesteps": 1},
    {"samples": 7, "timesteps": 13},
]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_as_the_plain_equations_and_their_comparison(options):
    run = record_layer("lstm", **options)
    values, compared = fast(run)
    plain = solved(run)
    for name, expected in plain.items():
        there = np.ones(run.shape[:2], bool) if run.mask is None or name.endswith("state") else run.mask
        np.testing.assert_allclose(values[name][there], expected[there], atol=4e-7)
        if name.endswith("state"):
            np.testing.assert_array_equal(values[name], expected, "the layer's own, to the last bit")
    ours, theirs = verify(run, values, compared), verify(run, plain)
    assert ours.closest < 0.7
    np.testing.assert_allclose(ours.closest, theirs.closest, atol=0.25)
    np.testing.assert_allclose(ours.errors, theirs.errors, atol=4e-7)
    assert (ours.compared, ours.nonfinite, ours.overflowed) == (theirs.compared, 0, 0)


@given(seed=st.integers(0, 10**6), scale=st.sampled_from([1e-6, 0.3, 2.0, 30.0]), size=st.sampled_from([1e-20, 1, 1e3]))
@settings(max_examples=40, deadline=None)
def test_right_models_of_any_size_are_proved(seed, scale, size):
    model = randomise(sequential(L.LSTM(4)), scale=scale)
    run = record(model, (np.random.default_rng(seed).normal(size=(3, 5, 3)) * size).astype("f4"))
    _, compared = fast(run)
    assert compared is not None
    assert compared.closest < 0.7


def moved(run, **changes):
    return replace(run, **{name: change(getattr(run, name)) for name, change in changes.items()})


def off(array):
    array = array.copy()
    array[1, 3, 2] += 1e-4
    return array


@pytest.mark.parametrize("changes", [{"outputs": off}, {"cell_states": off}, {"inputs": lambda x: np.roll(x, 1, 1)}])
def test_a_fault_is_handed_to_the_plain_way(changes):
    run = moved(record_layer("lstm", samples=3), **changes)
    _, compared = fast(run)
    assert compared is None


@pytest.mark.parametrize("name", ["outputs", "cell_states"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_one_number_that_is_none_is_handed_on(name, value):
    def at_the_end(array):
        array = array.copy()
        # Where no later step is handed it.
        array[1, -1, 2] = value
        return array

    _, compared = fast(moved(record_layer("lstm", samples=3), **{name: at_the_end}))
    assert compared is None


@pytest.mark.parametrize("state", [0, 1])
def test_final_states_are_compared_all_the_same(state):
    run = record_layer("lstm")
    values, compared = fast(run)
    final = [array.copy() for array in run.final_state]
    final[state][1, 2] += 1e-4
    with pytest.raises(lw.VerificationError, match="final"):
        verify(replace(run, final_state=tuple(final)), values, compared)


@pytest.mark.parametrize("block", range(4))
def test_exchanged_weights_are_handed_on(block):
    run = record_layer("lstm")
    kernel = run.cell.kernel.copy()
    columns = slice(4 * block, 4 * block + 4)
    kernel[:, columns] = kernel[:, np.roll(np.arange(16), 4)[columns]]
    _, compared = fast(replace(run, cell=replace(run.cell, kernel=kernel)))
    assert compared is None


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 3e38])
def test_what_is_not_finite_is_handed_on(value):
    x = data(3, 5, 3)
    x[1, 2, 0] = value
    model = sequential(L.LSTM(4, name="lstm"))
    _, compared = fast(record(randomise(model), x))
    assert compared is None
    lw.extract(model, x)


@pytest.mark.parametrize(
    "options",
    [
        {"activation": "relu"},
        {"recurrent_activation": "hard_sigmoid"},
        {"dtype": "float64"},
        {"dtype": "mixed_float16"},
    ],
    ids=str,
)
def test_what_it_does_not_serve_is_handed_on(options):
    assert fast(record_layer("lstm", **options))[1] is None


def test_without_its_own_c_it_is_handed_on():
    assert fast(replace(record_layer("lstm"), cell_states=None))[1] is None


def test_so_many_are_compiled_and_no_more(monkeypatch):
    monkeypatch.setattr(xla, "_functions", {})
    monkeypatch.setattr(xla, "_MOST", 1)
    first, second = record_layer("lstm"), record_layer("lstm", units=5)
    assert fast(first)[1] is not None
    assert fast(second)[1] is None
    assert fast(first)[1] is not None


@given(st.integers(1, 4), st.integers(1, 6), st.data())
def test_rows_are_samples_times_timesteps(samples, timesteps, draw):
    table = Rows(samples, timesteps)
    start = draw.draw(st.integers(0, len(table) - 1))
    rows = slice(start, draw.draw(st.integers(start + 1, len(table))))
    states = np.arange(samples * timesteps * 2.0).reshape(samples, timesteps, 2)
    initial = -np.arange(1, samples * 2 + 1.0).reshape(samples, 2)
    before = states.copy()
    np.testing.assert_array_equal(
        table.previous(states, initial, rows), previous(states, initial).reshape(len(table), 2)[rows]
    )
    np.testing.assert_array_equal(states, before)
    for target in (np.zeros_like(states), np.zeros_like(states)[:, ::-1]):
        table.write(target, rows, states.reshape(len(table), 2)[rows])
        expected = np.zeros((len(table), 2))
        expected[rows] = states.reshape(len(table), 2)[rows]
        np.testing.assert_array_equal(target.reshape(len(table), 2), expected)
