"""Break each equation on purpose: the certificate must notice, at any length."""

import itertools
from dataclasses import replace

import keras
import numpy as np
import pytest
from recordings import record_layer, solved
from small_models import data, randomise, sequential

import lstm_widget as lw
from lstm_widget import equations
from lstm_widget.capture.record import Activation
from lstm_widget.equations import gru, lstm, simple_rnn
from lstm_widget.equations.sequence import previous
from lstm_widget.quantities import QUANTITIES
from lstm_widget.verification.probe import Probe
from lstm_widget.verification.verify import verify

LENGTHS = [1, 2, 50_000]
RUNS = {}
FUSED = False


@pytest.fixture(params=["own c", "fused"], autouse=True)
def fused(request, monkeypatch):
    """A layer's loop tells every c; cuDNN's only the last, and then c is ours and its rounding is carried along."""
    monkeypatch.setitem(globals(), "FUSED", request.param == "fused")


def recorded(kind, timesteps=6, **options):
    """Record once a kind and length: 50,000 steps take seconds."""
    key = (kind, timesteps, *options.items())
    if key not in RUNS:
        RUNS[key] = record_layer(kind, timesteps=timesteps, samples=1 if timesteps > 100 else 6, **options)
    # Without the gates that the layer told: those are not computed by any equation.
    own_c = {"cell_state": RUNS[key].told["cell_state"]} if kind == "lstm" and not FUSED else {}
    return replace(RUNS[key], told=own_c)


def refused(run, solution):
    with pytest.raises(lw.VerificationError) as caught:
        verify(run, solution)
    assert caught.value.layer == "rec"
    assert "'rec'" in str(caught.value)
    return caught.value


@pytest.mark.parametrize("timesteps", LENGTHS)
@pytest.mark.parametrize("kind", ["lstm", "gru", "simple_rnn"])
def test_the_right_ones_are_not(kind, timesteps):
    run = recorded(kind, timesteps)
    assert verify(run, solved(run)).closest < 1


GATES = {
    "lstm": ("input_gate", "forget_gate", "cell_candidate", "output_gate"),
    "gru": ("update_gate", "reset_gate", "candidate"),
}
PAIRS = [(kind, *pair) for kind, gates in GATES.items() for pair in itertools.combinations(gates, 2)]


@pytest.mark.parametrize("timesteps", LENGTHS)
@pytest.mark.parametrize(("kind", "one", "other"), PAIRS)
def test_each_pair_of_gates_exchanged(kind, one, other, timesteps, monkeypatch):
    run = recorded(kind, timesteps)
    right = equations._SOLVERS[kind]

    def exchanged(run):
        solution = right(run)
        return solution | {one: solution[other], other: solution[one]}

    # A GRU's probe solves its own steps.
    monkeypatch.setattr({"lstm": lstm, "gru": gru}[kind], "solve", exchanged)
    refused(run, exchanged(run))


@pytest.mark.parametrize("timesteps", LENGTHS)
def test_the_update_gate_the_wrong_way_round(timesteps):
    """PyTorch's z is Keras's; the paper's second version has 1 - z."""
    run = recorded("gru", timesteps)
    solution = solved(run)
    refused(run, solution | {"update_gate": 1 - solution["update_gate"]})


@pytest.mark.parametrize("reset_after", [True, False])
def test_a_wrong_reset_gate_under_a_right_candidate(reset_after):
    run = recorded("gru", reset_after=reset_after)
    solution = solved(run)
    solution["reset_gate"][1, 3, 2] += 0.01
    error = refused(run, solution)
    assert (error.sample, error.timestep) == (1, 3)


def test_a_wrong_forget_gate_on_an_empty_cell():
    """f times nothing is nothing: neither c nor h shows it, only the layer's own cell when asked."""
    run = recorded("lstm", 1)
    solution = solved(run)
    assert refused(run, solution | {"forget_gate": 1 - solution["forget_gate"]}).timestep == 0


@pytest.mark.parametrize("gate", ["input_gate", "forget_gate", "cell_candidate", "output_gate"])
def test_a_single_wrong_number_between_the_steps_that_are_probed(gate):
    run = recorded("lstm", 50_000)
    solution = solved(run)
    assert 777 not in Probe(run, np.ones(run.shape[:2], bool)).timesteps
    solution[gate][0, 777, 2] += 1e-3
    assert refused(run, solution).timestep in (777, 778)


def with_cell(run, **changes):
    return replace(run, cell=replace(run.cell, **changes))


def without_bias(run):
    return solved(with_cell(run, bias=None))


def hard_sigmoid(run):
    function = keras.activations.hard_sigmoid
    return solved(with_cell(run, gate=Activation("sigmoid", lambda v: keras.ops.convert_to_numpy(function(v)))))


def relu(run):
    return solved(with_cell(run, activation=Activation("tanh", lambda v: np.maximum(v, 0))))


def recurrent_kernel_transposed_gate_by_gate(run):
    blocks = np.split(run.cell.recurrent_kernel, run.cell.recurrent_kernel.shape[1] // run.cell.units, axis=1)
    return solved(with_cell(run, recurrent_kernel=np.concatenate([block.T for block in blocks], axis=1)))


def columns_interleaved(run):
    """As if the units, not the gates, stood together."""
    count = run.cell.kernel.shape[1] // run.cell.units
    kernel = run.cell.kernel.reshape(-1, run.cell.units, count).swapaxes(1, 2).reshape(run.cell.kernel.shape)
    return solved(with_cell(run, kernel=kernel))


def inputs_one_step_late(run):
    return solved(replace(run, inputs=np.roll(run.inputs, 1, axis=1)))


@pytest.mark.parametrize("kind", ["lstm", "gru"])
@pytest.mark.parametrize(
    "broken",
    [
        without_bias,
        hard_sigmoid,
        relu,
        recurrent_kernel_transposed_gate_by_gate,
        columns_interleaved,
        inputs_one_step_late,
    ],
)
@pytest.mark.parametrize("timesteps", [2, 50_000])
def test_a_wrong_equation(kind, broken, timesteps):
    run = recorded(kind, timesteps)
    refused(run, broken(run))


@pytest.mark.parametrize("kind", ["lstm", "gru"])
@pytest.mark.parametrize("broken", [without_bias, relu, columns_interleaved])
def test_a_wrong_equation_in_a_single_step(kind, broken):
    run = recorded(kind, 1)
    refused(run, broken(run))


@pytest.mark.parametrize("kind", ["lstm", "gru"])
@pytest.mark.parametrize("timesteps", [1, 2, 50_000])
def test_the_new_h_in_place_of_the_previous_one(kind, timesteps, monkeypatch):
    run = recorded(kind, timesteps)
    monkeypatch.setattr({"lstm": lstm, "gru": gru}[kind], "previous", lambda states, initial: states)
    refused(run, solved(run))


@pytest.mark.parametrize("kind", ["lstm", "gru"])
def test_h_before_last_in_place_of_the_previous_one(kind, monkeypatch):
    run = recorded(kind)
    wrong = lambda states, initial: previous(previous(states, initial), initial)  # noqa: E731
    monkeypatch.setattr({"lstm": lstm, "gru": gru}[kind], "previous", wrong)
    refused(run, solved(run))


@pytest.mark.parametrize("gate", ["input_gate", "forget_gate", "cell_candidate", "output_gate", "cell_state"])
@pytest.mark.parametrize("timesteps", [2, 50_000])
def test_one_quantity_of_an_lstm_off_by_one_in_time(gate, timesteps):
    run = recorded("lstm", timesteps)
    solution = solved(run)
    refused(run, solution | {gate: np.roll(solution[gate], 1, axis=1)})


@pytest.mark.parametrize("gate", ["update_gate", "reset_gate", "candidate", "hidden_state"])
@pytest.mark.parametrize("timesteps", [2, 50_000])
def test_one_quantity_of_a_gru_off_by_one_in_time(gate, timesteps):
    run = recorded("gru", timesteps)
    solution = solved(run)
    refused(run, solution | {gate: np.roll(solution[gate], 1, axis=1)})


def test_the_cell_state_from_zero_in_place_of_the_initial_state():
    run = recorded("lstm")
    started = replace(run, initial_state=tuple(np.full_like(s, 0.3) for s in run.initial_state))
    with pytest.raises(lw.VerificationError):
        verify(started, solved(run))


@pytest.mark.parametrize("kind", ["lstm", "gru", "simple_rnn"])
def test_masks_ignored(kind):
    # Without zeros a layer repeats its last output at masked steps: h would come out right by accident.
    run = recorded(kind, masked=True, zero_output_for_mask=True)
    assert verify(run, solved(run)).closest < 1
    refused(run, solved(replace(run, mask=None)))


@pytest.mark.parametrize("kind", ["lstm", "gru"])
def test_a_mask_the_wrong_way_round_in_time(kind):
    run = recorded(kind, masked=True)
    refused(run, solved(replace(run, mask=run.mask[:, ::-1])))


@pytest.mark.parametrize("broken", [without_bias, recurrent_kernel_transposed_gate_by_gate, inputs_one_step_late])
def test_wrong_weights_under_a_simple_cell(broken):
    """It shows h alone, so it is the layer's weights and inputs that the certificate is about."""
    run = recorded("simple_rnn")
    wrong = {
        without_bias: with_cell(run, bias=None),
        recurrent_kernel_transposed_gate_by_gate: with_cell(run, recurrent_kernel=run.cell.recurrent_kernel.T),
        inputs_one_step_late: replace(run, inputs=np.roll(run.inputs, 1, axis=1)),
    }[broken]
    refused(wrong, solved(wrong))


CELLS = [
    (kind, quantity.name, backward)
    for kind, all_of_it in QUANTITIES.items()
    for quantity in all_of_it
    for backward in (False, True)
]


@pytest.mark.parametrize(("kind", "quantity", "backward"), CELLS)
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_one_cell_that_is_not_a_number(kind, quantity, backward, value):
    run = recorded(kind, go_backwards=backward)
    solution = solved(run)
    solution[quantity][1, 2, 3] = value
    error = refused(run, solution)
    # The run stands in processing order, the error speaks in input order.
    assert (error.sample, error.timestep, error.unit) == (1, 3 if backward else 2, 3)
    assert f"sample 1, timestep {error.timestep}, unit 3" in str(error)


@pytest.mark.parametrize(("kind", "quantity", "backward"), CELLS)
def test_one_cell_that_is_a_little_off(kind, quantity, backward):
    run = recorded(kind, go_backwards=backward)
    solution = solved(run)
    solution[quantity][1, 2, 3] += 1e-3
    assert refused(run, solution).sample == 1


def test_half_precision_is_no_excuse():
    for dtype in ("mixed_float16", "mixed_bfloat16"):
        run = recorded("lstm", dtype=dtype, scale=2.0)
        assert verify(run, solved(run)).closest < 1
        refused(run, without_bias(run))


def test_extract_itself_raises_and_returns_nothing(monkeypatch):
    right = equations._told
    monkeypatch.setattr(equations, "_told", lambda run: (told := right(run)) | {"forget_gate": told["input_gate"]})
    model = randomise(sequential(keras.layers.LSTM(4, name="gates")))
    with pytest.raises(lw.VerificationError, match=r"layer 'gates': .* by our equations and .* by the layer") as caught:
        lw.extract(model, data(3, 5, 3))
    assert caught.value.layer == "gates"
    assert None not in (caught.value.sample, caught.value.timestep, caught.value.unit)


def test_simple_cells_have_only_h():
    assert set(solved(recorded("simple_rnn"))) == {"hidden_state"}
    assert simple_rnn.solve(recorded("simple_rnn"))["hidden_state"].shape == (6, 6, 4)
