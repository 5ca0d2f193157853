"""The kernel's half of the protocol, against the fixture that js/tests reads too."""

import copy
import json
import re
import typing
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_widget import protocol
from lstm_widget.layer_trace import LayerTrace, Origin
from lstm_widget.protocol import Catalogue, Scene, Steps
from lstm_widget.serving import blocks
from lstm_widget.serving.answers import _KINDS, answer
from lstm_widget.verification.certificate import Certificate
from lstm_widget.weights import GateWeights

FIXTURE = json.loads((Path(__file__).parent / "fixtures" / "protocol.json").read_text(encoding="utf-8"))
TYPESCRIPT = (Path(__file__).parents[1] / "js" / "src" / "protocol.ts").read_text(encoding="utf-8")


def numbers(values):
    return np.array([np.nan if value is None else value for value in values], "<f4")


class FixtureShelf:
    """The layer of the fixture at its only step: two units, four timesteps, the last one masked."""

    numbers = (0,)
    layers = ("encoder",)
    revision = 5

    def __init__(self):
        overview = numbers(FIXTURE["overview"]["values"])
        forget_gate, cell_state = overview[:16].reshape(2, 2, 4).transpose(0, 2, 1)
        shut = np.where([[False], [False], [False], [True]], np.nan, np.zeros((4, 2), "f4"))
        values = {
            "input_gate": shut,
            "forget_gate": forget_gate,
            "cell_candidate": shut,
            "output_gate": shut,
            "cell_state": cell_state,
            "hidden_state": np.array([[1, 0], [0.5, -1], [0, 2], [0, 2]], "f4"),
        }
        # Of unit 1: what the input is multiplied by, what h of both units is, the bias.
        weights = {
            "input_gate": (1, (1, 0.5), 0.25),
            "forget_gate": (2, (2, 0), 1),
            "cell_candidate": (-1, (0, 1), 0),
            "output_gate": (0.5, (-1, 1), -0.5),
        }
        self.layer = LayerTrace(
            name="encoder",
            cell="lstm",
            direction="forward",
            values={name: np.repeat(array[None], 3, axis=0) for name, array in values.items()},
            mask=np.repeat([[True, True, True, False]], 3, axis=0),
            inputs=np.repeat(overview[None, 16:, None], 3, axis=0),
            initial_state={name: np.zeros((3, 2), "f4") for name in ("hidden_state", "cell_state")},
            weights={
                gate: GateWeights(np.array([[9, x]], "f4"), np.array([[9, 9], h], "f4").T, np.array([9, bias], "f4"))
                for gate, (x, h, bias) in weights.items()
            },
            activations={},
            reset_after=False,
            readout=None,
            certificate=Certificate(0, 0, 0, "", ""),
            origin=Origin(np.arange(3), 4),
        )
        self.refreshed = 0

    def __getitem__(self, number):
        return self

    def scene(self, layer, sample, sort):
        return FIXTURE["scene"], numbers(FIXTURE["overview"]["values"]).tobytes()

    def samples(self, layer):
        return 3

    def at(self, layer, sample):
        return self.layer, sample

    def timestep_labels(self, layer, sample, start, stop):
        return ["Mon", "Tue", "Wed", "Thu"][start:stop]

    def words(self, layer, sample, start, stop):
        return ["the", "cat", "sat", ""][start:stop]

    def samples_found(self, layer, text, *, among, by, lines):
        return 2, copy.deepcopy(FIXTURE["exchanges"][3]["answer"]["samples"][slice(*lines)])

    def nearest(self, layer, sample):
        return 0

    def weights(self, layer):
        return self.layer.weights

    def feature_names(self, layer):
        return ["x"]

    def drift(self, layer, last):
        values = next(each["values"] for each in FIXTURE["exchanges"] if each["request"]["kind"] == "drift")
        return [0], ["forget_gate"], numbers(values).reshape(1, 3, 6, 1)

    def refresh(self):
        self.refreshed += 1


@pytest.mark.parametrize("exchange", FIXTURE["exchanges"], ids=lambda exchange: exchange["request"]["id"])
def test_each_request_gets_the_answer_of_the_fixture(exchange):
    content, buffers = answer(FixtureShelf(), exchange["request"])
    assert json.loads(json.dumps(content)) == exchange["answer"]
    if "values" in exchange:
        np.testing.assert_array_equal(np.frombuffer(buffers[0], "<f4"), numbers(exchange["values"]))
    else:
        assert buffers == []


def test_a_block_says_how_large_it_is():
    for exchange in FIXTURE["exchanges"][:2]:
        assert blocks.size(exchange["answer"]["block"]) == 4 * len(exchange["values"])


@pytest.mark.parametrize(("kind", "name"), [(Scene, "scene"), (Steps, "steps"), (Catalogue, "catalogue")])
def test_traits_have_the_keys_of_the_fixture(kind, name):
    assert set(kind.__annotations__) == set(FIXTURE[name])


def test_both_sides_have_the_same_limits():
    for name in ("VERSION", "MAX_BYTES", "MAX_READ", "MAX_LABELS", "MAX_STEPS"):
        written = TYPESCRIPT.split(f"export const {name} = ")[1].split(";")[0]
        assert int(written.replace("_", "")) == getattr(protocol, name)


INTERFACES = dict(re.findall(r"^export interface (\w+) \{\n(.*?)^\}", TYPESCRIPT, re.MULTILINE | re.DOTALL))
TWINS = {name for name, kind in vars(protocol).items() if typing.is_typeddict(kind)}


def test_both_sides_have_the_same_messages():
    assert set(INTERFACES) == TWINS


@pytest.mark.parametrize("name", INTERFACES)
def test_both_sides_have_the_same_fields(name):
    fields = re.findall(r"^  (\w+)(\??):", INTERFACES[name], re.MULTILINE)
    twin = getattr(protocol, name)
    assert {field for field, _ in fields} == set(twin.__annotations__)
    # NotRequired is a word in a string until somebody asks for the types themselves.
    hints = typing.get_type_hints(twin, include_extras=True)
    assert {field for field, optional in fields if optional} == {
        field for field, hint in hints.items() if typing.get_origin(hint) is typing.NotRequired
    }


def test_every_kind_is_in_the_fixture_and_has_an_answer():
    kinds = {re.search(r'kind: "(\w+)"', body)[1] for name, body in INTERFACES.items() if name.endswith("Request")}
    assert {exchange["request"]["kind"] for exchange in FIXTURE["exchanges"]} == kinds
    assert set(_KINDS) == kinds


@pytest.mark.parametrize("exchange", FIXTURE["exchanges"], ids=lambda exchange: exchange["request"]["id"])
def test_answers_have_the_fields_that_the_protocol_says(exchange):
    content = exchange["answer"]
    kind = next(
        getattr(protocol, name)
        for name, body in INTERFACES.items()
        if name.endswith("Answer") and f'kind: "{content["kind"]}"' in body
    )
    assert set(content) == set(kind.__annotations__)


def test_refresh_refreshes_once():
    shelf = FixtureShelf()
    answer(shelf, {"id": "v:1", "kind": "refresh"})
    assert shelf.refreshed == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(10**400),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
FIELDS = sorted({field for exchange in FIXTURE["exchanges"] for field in exchange["request"]} - {"id"})


def held_to_the_wire(message):
    """Give the answer, which must be one that can be sent."""
    content, buffers = answer(FixtureShelf(), message)
    text = json.dumps(content, allow_nan=False, ensure_ascii=False)
    assert len(text.encode()) < protocol.MAX_BYTES
    assert all(len(buffer) <= protocol.MAX_BYTES for buffer in buffers)
    if content["kind"] == "error":
        assert 0 < len(content["error"]) < 300
        # What we did not foresee is answered by the name of its exception.
        assert not re.match(r"\w+Error:", content["error"]), content
        assert buffers == []
    return content


@given(JSON)
def test_any_json_gets_one_answer(message):
    assert held_to_the_wire(message)["kind"] == "error"


@settings(max_examples=400)
@given(
    st.sampled_from([exchange["request"] for exchange in FIXTURE["exchanges"]]),
    st.dictionaries(st.sampled_from(FIELDS), JSON | st.integers(-1, 5), max_size=3),
    st.sets(st.sampled_from(FIELDS), max_size=1),
)
def test_any_field_gone_wrong_gets_one_answer(request_, changes, missing):
    message = {key: value for key, value in {**request_, **changes}.items() if key not in missing}
    content = held_to_the_wire(message)
    assert content["id"] == request_["id"]
    assert content["kind"] in ("error", message.get("kind"))


def failing(shelf, method, error):
    def fail(*_):
        raise error

    setattr(shelf, method, fail)
    return shelf


def test_a_users_function_that_fails_is_answered_too():
    labels = FIXTURE["exchanges"][2]["request"]
    content, _ = answer(failing(FixtureShelf(), "timestep_labels", IndexError("x" * 999)), labels)
    assert content["kind"] == "error"
    assert content["error"].startswith("IndexError: xxx")
    assert len(content["error"]) < 300


def test_a_label_of_a_megabyte_is_cut():
    shelf = FixtureShelf()
    shelf.timestep_labels = lambda *_: ["x" * 1_000_000]
    content, _ = answer(shelf, FIXTURE["exchanges"][2]["request"])
    assert content["labels"] == ["x" * 199 + "…"]


@pytest.mark.parametrize(
    ("text", "timestep"),
    [("b", 3), ("B ", 3), ("bc", 4), ("c", 0), ("ab", 1), ("straSSE", 5), ("💡", 6), ("z", None), ("x", 70_000)],
)
def test_find_prefers_the_label_then_its_beginning_then_what_it_holds(text, timestep):
    few = ["abc", "ab", "abcd", "b", "bcd", "Straße", "a 💡"]
    named = few + ["-"] * (70_000 - len(few)) + ["x"]
    shelf = FixtureShelf()
    shelf.layer = SimpleNamespace(timesteps=len(named))
    shelf.timestep_labels = lambda layer, sample, start, stop: named[start:stop]
    content, _ = answer(shelf, {"id": "v:1", "kind": "find", "layer": "encoder", "sample": 0, "step": 0, "text": text})
    assert content == {"id": "v:1", "kind": "find", "timestep": timestep}


def test_numbers_that_the_page_reads_are_finite_even_where_the_layer_is_not():
    shelf = FixtureShelf()
    poisoned = {quantity.name: np.full((3, 4, 2), np.nan, "f4") for quantity in shelf.layer.quantities}
    shelf.layer._values.update(poisoned)
    for exchange in FIXTURE["exchanges"]:
        content, _ = answer(shelf, exchange["request"])
        json.dumps(content, allow_nan=False)
        assert content["kind"] == exchange["answer"]["kind"]
