"""The kernel's half of the protocol, against the fixture that js/tests reads too."""

import json
from pathlib import Path

import numpy as np
import pytest

from lstm_widget import protocol
from lstm_widget.layer_trace import LayerTrace, Origin
from lstm_widget.protocol import Catalogue, Scene
from lstm_widget.serving import blocks
from lstm_widget.serving.answers import answer
from lstm_widget.verification.certificate import Certificate

FIXTURE = json.loads((Path(__file__).parent / "fixtures" / "protocol.json").read_text(encoding="utf-8"))
TYPESCRIPT = (Path(__file__).parents[1] / "js" / "src" / "protocol.ts").read_text(encoding="utf-8")


def numbers(values):
    return np.array([np.nan if value is None else value for value in values], "<f4")


class FixtureShelf:
    """The layer of the fixture: two units, four timesteps, the last one masked."""

    layers = ("encoder",)

    def __init__(self):
        overview = numbers(FIXTURE["overview"]["values"])[:16].reshape(2, 2, 4).transpose(0, 2, 1)
        values = dict(zip(("forget_gate", "cell_state"), np.repeat(overview[:, None], 3, axis=1), strict=True))
        empty = np.zeros((3, 4, 2), "f4")
        names = ("input_gate", "forget_gate", "cell_candidate", "output_gate", "cell_state", "hidden_state")
        self.layer = LayerTrace(
            name="encoder",
            cell="lstm",
            direction="forward",
            values={name: values.get(name, empty) for name in names},
            mask=None,
            inputs=empty,
            initial_state={},
            weights={},
            activations={},
            reset_after=False,
            readout=None,
            certificate=Certificate(0, 0, 0, "", ""),
            origin=Origin(np.arange(3), 4),
        )

    def samples(self, layer):
        return 3

    def at(self, layer, sample):
        return self.layer, sample

    def timestep_labels(self, layer, sample, start, stop):
        return ["Mon", "Tue", "Wed", "Thu"][start:stop]

    def sample_line(self, sample):
        return FIXTURE["exchanges"][3]["answer"]["samples"][sample]


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


@pytest.mark.parametrize(("kind", "name"), [(Scene, "scene"), (Catalogue, "catalogue")])
def test_scene_and_catalogue_have_the_keys_of_the_fixture(kind, name):
    assert set(kind.__annotations__) == set(FIXTURE[name])


def test_both_sides_have_the_same_limits():
    for name in ("VERSION", "MAX_BYTES", "MAX_LABELS"):
        written = TYPESCRIPT.split(f"export const {name} = ")[1].split(";")[0]
        assert int(written.replace("_", "")) == getattr(protocol, name)


def test_both_sides_have_the_same_fields():
    for name in (
        "Quantity",
        "Layer",
        "Catalogue",
        "Block",
        "SeriesBlock",
        "Proof",
        "Scene",
        "TileRequest",
        "TileAnswer",
    ):
        body = TYPESCRIPT.split(f"export interface {name} {{")[1].split("\n}")[0]
        lines = [line.strip() for line in body.splitlines()]
        fields = {line.split(":")[0].rstrip("?") for line in lines if line and not line.startswith(("/", "*"))}
        assert fields == set(getattr(protocol, name).__annotations__), name
