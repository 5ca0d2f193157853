"""A trace is a mapping that reads well, and holds no model in memory."""

import gc
import weakref

import keras
import numpy as np
import pytest
from small_models import data, randomise, sequential

import lstm_widget as lw

L = keras.layers
HOSTILE = '<img src=x onerror="alert(1)">&'


@pytest.fixture(scope="module")
def model():
    return randomise(
        sequential(L.LSTM(4, return_sequences=True, name="a"), L.Bidirectional(L.GRU(3, name="gru"), name="b"))
    )


@pytest.fixture(scope="module")
def trace(model):
    return lw.extract(model, data(2, 5, 3))


def test_it_is_a_mapping_in_call_order(trace):
    names = ["a", "b/forward_gru", "b/backward_gru"]
    assert [*trace] == names
    assert [lt.name for lt in trace.values()] == [*trace]
    assert len(trace) == 3
    assert dict(trace.items())["a"] is trace["a"]


def test_a_layer_object_is_a_key(trace, model):
    assert trace[model.get_layer("a")] is trace["a"]
    assert trace[model.get_layer("b").backward_layer] is trace["b/backward_gru"]
    assert model.get_layer("a") in trace
    assert L.LSTM(4, name="a") not in trace


def test_what_is_not_there(trace):
    assert "c" not in trace
    assert trace.get("c") is None
    with pytest.raises(lw.LayerNotFoundError, match=r"^'c' is not in this trace; it holds 'a', 'b/forward_gru'"):
        trace["c"]
    with pytest.raises(KeyError):
        trace["c"]


def test_only(trace, model):
    with pytest.raises(lw.LayerNotFoundError, match="holds 3 layers; name one of 'a'"):
        trace.only  # noqa: B018
    some = lw.extract(model, data(2, 5, 3), layers="a")
    assert some.only is some["a"]


def test_repr_is_a_table(trace):
    head, columns, *rows = repr(trace).splitlines()
    assert head == "Trace of 3 recurrent layers"
    assert columns.split()[:5] == ["layer", "cell", "samples", "timesteps", "units"]
    assert rows[0].split()[:6] == ["a", "lstm", "2", "5", "4", "forward"]
    assert rows[2].split()[5] == "backward"


def test_html_holds_the_same_and_the_proof(trace):
    html = trace._repr_html_()
    assert html.count("<tr") == 4
    assert "<td>b/backward_gru</td>" in html
    assert 'title="proved: off by' in html


def test_hostile_names_stay_text():
    layer = L.LSTM(2)
    layer.name = HOSTILE
    layer.build((None, 5, 3))
    trace = lw.extract(layer, data(2, 5, 3))
    assert list(trace) == [HOSTILE]
    html = trace._repr_html_()
    assert "<img" not in html
    assert "&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;" in html


def test_inputs_and_outputs_are_those_of_the_run(trace, model):
    np.testing.assert_array_equal(trace.inputs, data(2, 5, 3))
    np.testing.assert_allclose(trace.outputs, model.predict(data(2, 5, 3), verbose=0), atol=1e-6)


@pytest.mark.parametrize("jit_compile", [None, True])
def test_a_trace_does_not_keep_its_model_in_memory(jit_compile):
    """Nor do the compiled functions that are kept for the next extraction."""
    model = sequential(
        L.LSTM(4, return_sequences=True, name="a"), L.Bidirectional(L.GRU(3, name="gru"), name="b"), L.Dense(1)
    )
    trace = lw.extract(model, data(2, 5, 3), jit_compile=jit_compile)
    lw.extract(model, data(3, 5, 3), jit_compile=jit_compile)
    dead = [weakref.ref(model), weakref.ref(model.get_layer("a")), weakref.ref(model.get_layer("b").forward_layer)]
    del model
    keras.utils.clear_session()
    gc.collect()
    assert [reference() for reference in dead] == [None, None, None]
    assert trace["a"]["f"].shape == (2, 5, 4)
    assert "a" in repr(trace)
