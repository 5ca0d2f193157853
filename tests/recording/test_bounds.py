"""A long training fits: fewer quantities, half the bytes, fewer steps; and whoever reads it is told."""

import numpy as np
import pytest
from handmade import layer_of
from trainings import PROBE, fit, recorded

import lstm_widget as lw
from lstm_widget.recording.keeping import Keeping
from lstm_widget.recording.thinning import Thinning


def test_only_these_quantities():
    _, recorder = recorded(quantities=["f", "cell_state"])
    layer = recorder.recording[-1].trace["lstm"]
    assert [quantity.symbol for quantity in layer.quantities] == ["f", "c"]
    assert layer.shape == (2, 5, 4)
    assert layer.previous("c").shape == (2, 5, 4)
    for ask in (lambda: layer["h"], lambda: layer.previous("h"), lambda: layer.preactivation("f")):
        with pytest.raises(
            lw.LayerNotFoundError, match="'hidden_state' of layer 'lstm' was not kept, only forget_gate"
        ):
            ask()
    with pytest.raises(AttributeError, match="forget_gate, cell_state"):
        layer.hidden_state  # noqa: B018
    assert "forget_gate (f), cell_state (c)" in repr(layer)


def test_quantities_that_no_layer_has():
    with pytest.raises(
        lw.LayerNotFoundError, match=r"none .* layer 'lstm' would be kept; keep one of input_gate \(i\)"
    ):
        recorded(quantities=["z"])


def test_a_single_quantity():
    _, recorder = recorded(quantities="forget_gate")
    assert [quantity.symbol for quantity in recorder.recording[-1].trace["lstm"].quantities] == ["f"]


def test_a_misspelt_quantity_is_refused_at_once():
    with pytest.raises(lw.LayerNotFoundError, match=r"'zz' is no quantity of a cell; there are input_gate \(i\)"):
        lw.GateRecorder(PROBE, quantities=["f", "zz"])


def test_no_weights():
    _, recorder = recorded(weights=False)
    step = recorder.recording[0]
    assert step.weights == {"lstm": {}}
    with pytest.raises(lw.LayerNotFoundError, match="weights of layer 'lstm' were not kept"):
        step.trace["lstm"].preactivation("f")


@pytest.mark.parametrize("where", ["memory", "disk"])
def test_half_the_bytes_and_said_so(where, tmp_path):
    _, exact = recorded()
    _, recorder = recorded(float16=True, path=tmp_path / "run" if where == "disk" else None)
    layer = recorder.recording[0].trace["lstm"]
    assert layer["f"].dtype == np.float16
    assert layer.inputs.dtype == np.float32
    assert layer.rounded_to == "float16"
    assert "then kept in float16: no longer the exact numbers" in repr(layer)
    assert "then float16" in repr(recorder.recording[0].trace)
    assert exact.recording[0].trace["lstm"].rounded_to is None


def test_beyond_half_precision_is_infinite_without_a_warning():
    trace = lw.Trace({"layer": layer_of(c=np.full((4, 3), 1e6))}, inputs=np.zeros(1), outputs=np.zeros(1))
    assert np.isinf(Keeping(None, weights=True, float16=True).of(trace)["layer"]["c"]).all()


def kept(max_steps, count):
    thinning, numbers = Thinning(max_steps), []
    for number in range(count):
        if thinning.due(number):
            for old in thinning.surplus(numbers):
                numbers.remove(old)
            if thinning.due(number):
                numbers.append(number)
    return numbers


def test_every_second_step_goes_when_there_are_too_many():
    assert kept(4, 4) == [0, 1, 2, 3]
    assert kept(4, 5) == [0, 2, 4]
    assert kept(4, 9) == [0, 4, 8]
    assert kept(3, 4) == [0, 2]
    assert kept(None, 5) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("max_steps", [2, 3, 4, 7, 10])
def test_never_more_never_uneven_and_never_few(max_steps):
    for count in range(1, 200):
        numbers = kept(max_steps, count)
        assert len(numbers) <= max_steps
        assert numbers[0] == 0
        assert len(set(np.diff(numbers))) <= 1
        assert len(numbers) >= min(count, max_steps // 2)


@pytest.mark.parametrize("where", ["memory", "disk"])
def test_a_thinned_recording(where, tmp_path):
    path = tmp_path / "run" if where == "disk" else None
    model, recorder = recorded(max_steps=3, epochs=4, path=path)
    assert [step.epoch for step in recorder.recording] == [0, 2]
    fit(model, recorder, epochs=2)
    assert [(step.fit, step.epoch) for step in recorder.recording] == [(0, 0), (0, 2), (1, 0)]
    if path:
        assert sorted(entry.name for entry in path.iterdir()) == [
            "recording.json",
            *(f"step-0000000{number}" for number in (0, 2, 4)),
        ]


@pytest.mark.parametrize("wrong", [1, 0, -3, 2.5, True])
def test_max_steps_is_checked(wrong):
    with pytest.raises(lw.InputError, match="2 or more"):
        lw.GateRecorder(PROBE, max_steps=wrong)
