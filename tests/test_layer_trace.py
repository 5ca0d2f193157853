"""Weights, pre-activations and previous states: each gate can be made again from what its trace holds."""

import keras
import numpy as np
import pytest
from small_models import LAYERS, data, numpy, randomise, sequential

import lstm_widget as lw

L = keras.layers
BLOCKS = {
    "lstm": ("input_gate", "forget_gate", "cell_candidate", "output_gate"),
    "gru": ("update_gate", "reset_gate", "candidate"),
    "simple_rnn": ("hidden_state",),
}


def traced(kind, masked=False, **options):
    layer = LAYERS[kind](4, return_sequences=True, **options)
    model = randomise(sequential(*([L.Masking()] if masked else []), layer))
    x = data(3, 5, 3)
    x[0, 3:] = x[1, :2] = x[2, 2] = 0
    return layer, lw.extract(model, x).only


@pytest.mark.parametrize("options", [{}, {"use_bias": False}, {"go_backwards": True}])
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("kind", LAYERS)
def test_a_gate_is_the_activation_of_its_preactivation(kind, masked, options):
    layer, lt = traced(kind, masked, **options)
    for name in BLOCKS[kind]:
        gate = name.endswith("gate")
        activation = layer.recurrent_activation if gate else layer.activation
        made = np.asarray(activation(lt.preactivation(name)))
        ran = np.ones((3, 5), bool) if lt.mask is None else lt.mask
        np.testing.assert_allclose(made[ran], lt[name][ran], atol=1e-6, err_msg=name)
        assert np.isnan(lt.preactivation(name)[~ran]).all()
        assert np.isfinite(lt.preactivation(name)[ran]).all()


@pytest.mark.parametrize("reset_after", [True, False])
def test_preactivation_of_the_candidate_of_a_gru(reset_after):
    _, lt = traced("gru", reset_after=reset_after)
    np.testing.assert_allclose(np.tanh(lt.preactivation("g")), lt["g"], atol=1e-6)
    assert (lt.weights["candidate"].recurrent_bias is not None) == reset_after
    assert lt.reset_after == reset_after


@pytest.mark.parametrize("kind", LAYERS)
def test_weights_tile_back_to_keras_own(kind):
    layer, lt = traced(kind)
    parts = [lt.weights[name] for name in BLOCKS[kind]]
    assert list(lt.weights) == list(BLOCKS[kind])
    cell = layer.cell
    np.testing.assert_array_equal(np.concatenate([p.kernel for p in parts], axis=1), numpy(cell.kernel))
    np.testing.assert_array_equal(
        np.concatenate([p.recurrent_kernel for p in parts], axis=1), numpy(cell.recurrent_kernel)
    )
    np.testing.assert_array_equal(np.concatenate([p.bias for p in parts], axis=-1), numpy(cell.bias))


@pytest.mark.parametrize("kind", LAYERS)
def test_no_bias_is_none(kind):
    _, lt = traced(kind, use_bias=False)
    assert all(w.bias is w.input_bias is w.recurrent_bias is None for w in lt.weights.values())


def test_weights_are_those_of_the_time_of_the_run():
    layer, lt = traced("lstm")
    before = lt.weights["forget_gate"].kernel.copy()
    layer.cell.kernel.assign(numpy(layer.cell.kernel) + 1)
    np.testing.assert_array_equal(lt.weights["forget_gate"].kernel, before)


def test_previous_of_what_is_not_handed_on():
    _, lt = traced("lstm")
    with pytest.raises(lw.LayerNotFoundError, match=r"'forget_gate' is not handed on.*hidden_state, cell_state"):
        lt.previous("f")
    with pytest.raises(lw.LayerNotFoundError, match=r"'cell_state' has no pre-activation"):
        lt.preactivation("c")
    _, gru = traced("gru")
    with pytest.raises(lw.LayerNotFoundError, match=r"'c' is no quantity of a cell of kind 'gru'.*update_gate \(z\)"):
        gru.previous("c")


def test_previous_in_a_backward_layer_is_the_next_in_input_order():
    _, lt = traced("lstm", go_backwards=True)
    np.testing.assert_array_equal(lt.previous("c")[:, :-1], lt["c"][:, 1:])
    np.testing.assert_array_equal(lt.previous("c")[:, -1], lt.initial_state["cell_state"])


def test_quantities_as_attributes_names_and_symbols():
    _, lt = traced("gru")
    assert lt.update_gate is lt["z"] is lt["update_gate"]
    assert {"update_gate", "reset_gate", "candidate", "hidden_state", "mask"} <= set(dir(lt))
    with pytest.raises(AttributeError, match=r"gru layer trace has no attribute 'forget_gate'; it has update_gate"):
        lt.forget_gate  # noqa: B018
    with pytest.raises(lw.LayerNotFoundError):
        lt["forget_gate"]


@pytest.mark.parametrize("kind", LAYERS)
def test_arrays_are_read_only(kind):
    _, lt = traced(kind, masked=True)
    arrays = [lt[q.symbol] for q in lt.quantities] + [lt.mask, lt.inputs, *lt.initial_state.values()]
    for array in arrays:
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_repr_is_a_sentence_with_the_proof():
    _, lt = traced("lstm")
    text = repr(lt)
    assert "3 samples x 5 timesteps x 4 units" in text
    assert "input_gate (i), forget_gate (f), cell_candidate (g)" in text
    assert "proved: off by" in text
