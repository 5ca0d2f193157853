"""Gates overheard in the layer's own run: as the equations have them, proved, and refused when they are not."""

from dataclasses import replace

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recordings import record, record_layer, solved
from small_models import data, randomise, sequential

import lstm_widget as lw
from lstm_widget.capture.keras import recorder
from lstm_widget.quantities import BLOCKS
from lstm_widget.verification.verify import verify

L = keras.layers
KINDS = ["lstm", "gru"]
OPTIONS = [
    {},
    {"masked": True},
    {"masked": True, "zero_output_for_mask": True},
    {"go_backwards": True, "masked": True},
    {"use_bias": False},
    {"unroll": True, "masked": True},
    {"implementation": 1},
    {"activation": "relu", "recurrent_activation": "hard_sigmoid"},
    {"activation": "sigmoid"},
    {"dtype": "float64"},
    {"samples": 1, "timesteps": 1},
]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("kind", KINDS)
def test_they_are_what_the_equations_give(kind, options):
    run = record_layer(kind, **options)
    assert run.tells_all
    told, computed = solved(run), solved(replace(run, told={}))
    there = np.ones(run.shape[:2], bool) if run.mask is None else run.mask
    for name in told:
        np.testing.assert_allclose(told[name][there], computed[name][there], atol=1e-6, err_msg=name)
    for certificate, said in (
        (verify(run, told), "told by"),
        (verify(replace(run, told={}), computed), "computed from"),
    ):
        assert certificate.closest < 0.7
        assert said in certificate.run


@given(seed=st.integers(0, 10**6), scale=st.sampled_from([1e-6, 0.3, 2.0, 30.0]), size=st.sampled_from([1e-20, 1, 1e3]))
@settings(max_examples=20, deadline=None)
@pytest.mark.parametrize("kind", [L.LSTM, L.GRU])
def test_right_models_of_any_size_are_proved(kind, seed, scale, size):
    model = randomise(sequential(kind(4)), scale=scale)
    run = record(model, (np.random.default_rng(seed).normal(size=(3, 5, 3)) * size).astype("f4"))
    assert run.tells_all
    assert verify(run, solved(run)).closest < 0.7


@pytest.mark.parametrize("dtype", ["mixed_float16", "mixed_bfloat16"])
@pytest.mark.parametrize("kind", KINDS)
def test_in_half_precision_they_have_the_rounding_of_the_layer(kind, dtype):
    run = record_layer(kind, dtype=dtype, scale=2.0)
    assert run.tells_all
    assert run.told[BLOCKS[kind][0]].dtype == run.cell.kernel.dtype
    assert verify(run, solved(run)).closest < 1


def test_each_cell_of_a_stack_tells_its_own():
    cells = [L.LSTMCell(4), L.GRUCell(5), L.SimpleRNNCell(3)]
    model = randomise(sequential(L.RNN(cells, name="rnn", return_sequences=True)))
    trace = lw.extract(model, data(3, 5, 3))
    assert [layer.cell for layer in trace.values()] == ["lstm", "gru", "simple_rnn"]
    first, second, third = trace.values()
    np.testing.assert_array_equal(second.inputs, first.hidden_state)
    np.testing.assert_array_equal(third.hidden_state, trace.outputs)


def refused(run):
    with pytest.raises(lw.VerificationError):
        verify(run, solved(run))


@pytest.mark.parametrize(
    ("kind", "one", "other"), [(k, a, b) for k in KINDS for a in BLOCKS[k] for b in BLOCKS[k] if a < b]
)
@pytest.mark.parametrize("timesteps", [1, 6])
def test_two_told_for_each_other_are_refused(kind, one, other, timesteps):
    """Even where both have one activation, and their product is all that a law sees."""
    run = record_layer(kind, timesteps=timesteps, activation="sigmoid")
    refused(replace(run, told={**run.told, one: run.told[other], other: run.told[one]}))


@pytest.mark.parametrize("kind", KINDS)
def test_gates_of_another_timestep_are_refused(kind):
    run = record_layer(kind)
    for name in BLOCKS[kind]:
        refused(replace(run, told={**run.told, name: np.roll(run.told[name], 1, axis=1)}))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_given_on_is_what_was_told(kind):
    run = record_layer(kind, timesteps=400)
    for name in BLOCKS[kind]:
        solution = solved(run)
        # A step that no probe looks at.
        solution[name][1, 7, 2] = np.nextafter(solution[name][1, 7, 2], 1)
        with pytest.raises(lw.VerificationError, match=name) as caught:
            verify(run, solution)
        assert (caught.value.sample, caught.value.timestep, caught.value.unit) == (1, 7, 2)


@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_told_of_other_weights_they_are_refused(kind, bias):
    """The trace gives out weights beside the gates: they must belong together."""
    run = record_layer(kind)
    other = {"bias": None} if bias else {"kernel": np.roll(run.cell.kernel, 4, axis=1)}
    refused(replace(run, cell=replace(run.cell, **other)))


class CallsThemTheOtherWayRound(L.LSTMCell):
    """Not as Keras does, with the same result."""

    def _compute_carry_and_output_fused(self, z, c_tm1):
        o = self.recurrent_activation(z[3])
        c = self.recurrent_activation(z[1]) * c_tm1 + self.recurrent_activation(z[0]) * self.activation(z[2])
        return c, o


def test_a_cell_that_calls_its_activations_in_another_order_is_computed(monkeypatch):
    monkeypatch.setattr("lstm_widget.capture.keras.cells._EQUATIONS", ("call",))
    run = record(randomise(sequential(L.RNN(CallsThemTheOtherWayRound(4)))), data(3, 5, 3))
    assert set(run.told) == {"cell_state"}
    assert verify(run, solved(run)).closest < 0.7


def test_an_activation_that_is_changed_between_two_runs_is_heard():
    model = randomise(sequential(L.LSTM(4, name="lstm", return_sequences=True)))
    x = data(3, 5, 3)
    before = lw.extract(model, x)
    model.layers[0].cell.activation = keras.activations.softsign
    after = lw.extract(model, x)
    np.testing.assert_array_equal(after.outputs, after["lstm"].hidden_state)
    np.testing.assert_allclose(after.outputs, model(x), atol=1e-6)
    assert np.abs(after.outputs - before.outputs).max() > 0.01


@pytest.mark.parametrize("kind", [L.LSTM, L.GRU])
def test_where_memory_is_short_they_are_computed(kind, monkeypatch):
    model, x = randomise(sequential(kind(4, name="gates"))), data(3, 5, 3)
    told = lw.extract(model, x)["gates"]
    monkeypatch.setattr(recorder.memory, "free_bytes", lambda: 3000)
    run = record(model, x)
    assert not run.tells_all
    values = solved(run)
    assert verify(run, values).closest < 0.7
    for quantity in told.quantities:
        np.testing.assert_allclose(values[quantity.name], told[quantity.name], atol=1e-6)
