"""What gates are made of: the parts add up to the pre-activation, and the activation of that is the gate."""

import keras
import numpy as np
import pytest
from small_models import LAYERS, data, randomise, sequential

import lstm_widget as lw
from lstm_widget.analysis.parts import parts

KINDS = {
    "lstm": ("lstm", {}),
    "lstm without bias": ("lstm", {"use_bias": False}),
    "gru": ("gru", {"reset_after": True}),
    "gru, reset before": ("gru", {"reset_after": False}),
    "gru without bias": ("gru", {"use_bias": False}),
    "simple_rnn": ("simple_rnn", {}),
}


def traced(kind, *, how):
    cell, options = KINDS[kind]
    if how.startswith("stateful"):
        layer = LAYERS[cell](4, stateful=True, go_backwards="backward" in how, **options)
        model = keras.Sequential([keras.Input(batch_shape=(2, 5, 3)), layer])
        return layer, lw.extract(randomise(model), data(6, 5, 3))
    layer = LAYERS[cell](4, go_backwards=how == "backward", **options)
    x = data(3, 5, 3)
    x[0, 3:] = x[1, :2] = x[2, 2] = 0
    masking = [keras.layers.Masking()] if how == "masked" else []
    return layer, lw.extract(randomise(sequential(*masking, layer)), x)


@pytest.mark.parametrize("how", ["forward", "backward", "masked", "stateful", "stateful, backward"])
@pytest.mark.parametrize("kind", KINDS)
def test_parts_add_up_to_the_gate(kind, how):
    layer, trace = traced(kind, how=how)
    lt = trace.only
    for sample in range(lt.samples):
        for start, stop in ((0, lt.timesteps), (1, 3), (lt.timesteps - 1, lt.timesteps)):
            made = parts(lt, sample, 2, start, stop)
            where = (sample, slice(start, stop), 2)
            for gate in made.bias:
                r = lt["r"][where] if gate == "candidate" and lt.reset_after else 1
                total = made.by_input[gate] + r * made.by_recurrence[gate] + made.bias[gate]
                np.testing.assert_allclose(total, lt.preactivation(gate)[where], atol=1e-6, err_msg=gate)
                activation = layer.recurrent_activation if gate.endswith("gate") else layer.activation
                np.testing.assert_allclose(np.asarray(activation(total)), masked(lt, lt[gate])[where], atol=1e-6)
            for state, handed in made.previous.items():
                np.testing.assert_array_equal(handed, masked(lt, lt.previous(state))[where], err_msg=state)


def masked(lt, values):
    """Leave nothing at masked timesteps: states are carried there, but nothing was added up."""
    return values if lt.mask is None else np.where(lt.mask[..., None], values, np.nan)


@pytest.mark.parametrize("how", ["forward", "backward", "stateful", "stateful, backward"])
def test_previous_of_some_timesteps_is_a_part_of_all(how):
    _, trace = traced("lstm", how=how)
    lt = trace.only
    whole = lt.previous("c")
    for steps in (slice(0, 1), slice(2, 4), slice(lt.timesteps - 1, None)):
        np.testing.assert_array_equal(lt.previous("c", 1, steps), whole[1, steps])
        np.testing.assert_array_equal(lt.previous("c", timesteps=steps), whole[:, steps])


class Watched(np.ndarray):
    """Remembers the largest piece that was cut out of it."""

    largest = 0

    def __getitem__(self, key):
        piece = super().__getitem__(key)
        Watched.largest = max(Watched.largest, np.size(piece))
        return piece


def test_only_the_timesteps_asked_for_are_read():
    lt = lw.example().only
    for name, values in lt._values.items():
        lt._values[name] = values.view(Watched)
    Watched.largest = 0
    parts(lt, 1, 2, 3, 5)
    assert Watched.largest == 2 * lt.units
