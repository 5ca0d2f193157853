"""Random recurrent layers, weights, masks and inputs against the float64 reference, and against their own laws."""

import keras
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_models import LAYERS, STATES, against_reference

import lstm_widget as lw

pytestmark = pytest.mark.slow

# A Keras model an example, a tenth of a second each. To hunt, raise max_examples and take out derandomize.
few = settings(
    max_examples=80, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
TOLERANCE = {"float32": 2e-5, "float64": 1e-11, "mixed_float16": 3e-2, "mixed_bfloat16": 2e-1}
GATES = {"sigmoid", "hard_sigmoid"}


@st.composite
def masks(draw, batch, timesteps):
    kind = draw(st.sampled_from(["none", "right", "left", "interior", "all masked row"]))
    if kind == "none":
        return None
    mask = np.ones((batch, timesteps), bool)
    for row in range(batch):
        cut = draw(st.integers(0, timesteps))
        if kind == "right":
            mask[row, cut:] = False
        elif kind == "left":
            mask[row, :cut] = False
        else:
            mask[row] = draw(st.lists(st.booleans(), min_size=timesteps, max_size=timesteps))
    if kind == "all masked row":
        mask[draw(st.integers(0, batch - 1))] = False
    return mask


@st.composite
def cases(draw, kind):
    batch, timesteps = draw(st.integers(1, 4)), draw(st.integers(1, 8))
    dtype = draw(st.sampled_from(["float32", "float32", "float32", "float64", "mixed_float16", "mixed_bfloat16"]))
    # Unbounded ones leave the range of half precision within a few steps.
    bounded = ["tanh", "sigmoid", "softsign", "hard_sigmoid"]
    more = [] if dtype.startswith("mixed") else ["relu", "elu", "linear", "softplus"]
    options = {
        "units": draw(st.integers(1, 6)),
        "activation": draw(st.sampled_from(bounded + more)),
        "use_bias": draw(st.booleans()),
        "unroll": draw(st.booleans()),
        "go_backwards": draw(st.booleans()),
        "return_sequences": draw(st.booleans()),
        "return_state": draw(st.booleans()),
        "zero_output_for_mask": draw(st.booleans()),
        "dtype": dtype,
    }
    if kind != "simple_rnn":
        options["recurrent_activation"] = draw(st.sampled_from(["sigmoid", "sigmoid", "hard_sigmoid", "softsign"]))
        options["implementation"] = draw(st.sampled_from([1, 2]))
    if kind == "gru":
        options["reset_after"] = draw(st.booleans())
    mask = draw(masks(batch, timesteps))
    return {
        "options": options,
        "mask": mask,
        "shape": (batch, timesteps, draw(st.integers(1, 4))),
        "given_state": draw(st.booleans()),
        "seed": draw(st.integers(0, 2**32 - 1)),
    }


def extract(kind, case):
    """Build the layer, and extract; its mask and initial state are inputs, so that any can be asked for."""
    rng = np.random.default_rng(case["seed"])
    batch, timesteps, features = case["shape"]
    layer = LAYERS[kind](**case["options"])
    tensors, values, extra = [keras.Input((timesteps, features))], [rng.normal(size=case["shape"])], {}
    if case["mask"] is not None:
        tensors.append(keras.Input((timesteps,), dtype="bool"))
        values.append(case["mask"])
        extra["mask"] = tensors[-1]
    if case["given_state"]:
        states = [keras.Input((layer.units,)) for _ in range(STATES[kind])]
        tensors += states
        values += [rng.normal(size=(batch, layer.units)) for _ in states]
        extra["initial_state"] = states
    model = keras.Model(tensors, layer(tensors[0], **extra))
    layer.set_weights([rng.uniform(-1.2, 1.2, w.shape) for w in layer.get_weights()])
    return layer, lw.extract(model, values)


def check(kind, case):
    layer, trace = extract(kind, case)
    found = trace.only
    tolerance = TOLERANCE[case["options"]["dtype"]]
    assert found.shape == (*case["shape"][:2], case["options"]["units"])
    if case["mask"] is None:
        assert found.mask is None
    else:
        np.testing.assert_array_equal(found.mask, case["mask"])
        gates = [q for q in found.quantities if q.symbol not in "ch"]
        for gate in gates:
            np.testing.assert_array_equal(np.isnan(found[gate.symbol]).any(axis=-1), ~case["mask"])
    for gate in found.quantities:
        if gate.kind == "gate" and case["options"]["recurrent_activation"] in GATES:
            assert np.nanmin(found[gate.symbol], initial=0) >= 0
            assert np.nanmax(found[gate.symbol], initial=1) <= 1
    against_reference(found, layer.cell, tolerance)
    return found, layer


@few
@given(cases("lstm"))
def test_lstm(case):
    lt, layer = check("lstm", case)
    ran = np.ones(lt.shape[:2], bool) if lt.mask is None else lt.mask
    tolerance = TOLERANCE[case["options"]["dtype"]]
    act = getattr(keras.activations, layer.activation.__name__)
    # Both laws from the trace's own numbers, with the previous state that the trace itself names.
    c, h = lt["f"] * lt.previous("c") + lt["i"] * lt["g"], lt["o"] * np.asarray(act(lt["c"]))
    np.testing.assert_allclose(lt["c"][ran], c[ran], rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(lt["h"][ran], h[ran], rtol=tolerance, atol=tolerance)
    np.testing.assert_array_equal(lt["c"][~ran], lt.previous("c")[~ran])
    np.testing.assert_array_equal(lt["h"][~ran], lt.previous("h")[~ran])


@few
@given(cases("gru"))
def test_gru(case):
    lt, _ = check("gru", case)
    ran = np.ones(lt.shape[:2], bool) if lt.mask is None else lt.mask
    tolerance = TOLERANCE[case["options"]["dtype"]]
    h = lt["z"] * lt.previous("h") + (1 - lt["z"]) * lt["g"]
    np.testing.assert_allclose(lt["h"][ran], h[ran], rtol=tolerance, atol=tolerance)
    np.testing.assert_array_equal(lt["h"][~ran], lt.previous("h")[~ran])


@settings(few, max_examples=40)
@given(cases("simple_rnn"))
def test_simple_rnn(case):
    check("simple_rnn", case)
