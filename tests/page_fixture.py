"""Makes ``fixtures/page.json``: what a page carries, and the kernel's answers, which the page must give as well.

Read by the tests of both sides. After a change, type: python tests/page_fixture.py
"""

import base64
import json
from pathlib import Path

import lstm_widget as lw
from lstm_widget.export.page.embed import embed
from lstm_widget.serving.answers import answer
from lstm_widget.serving.shelf import Shelf
from lstm_widget.serving.source import TraceSource
from lstm_widget.serving.told import told

FILE = Path(__file__).parent / "fixtures" / "page.json"
ROWS, SPAN = [0, 3, 4], (2, 14)
WORDS = [f"Tag {t}" if t % 3 else "Ähre" for t in range(31)]


class OneStep:
    """The shelf of a page, as the kernel is asked for it."""

    numbers = (0,)

    def __init__(self, shelf):
        self.shelf = shelf

    def __getitem__(self, number):
        return self.shelf


def part():
    """Three samples of the example, the first of them masked from its seventh timestep on."""
    whole = lw.example()
    # One answer a sample, so that there are right and wrong ones.
    trace = lw.Trace({"lstm": whole.only}, inputs=whole.inputs, outputs=whole.outputs[:, 5])
    targets = trace.outputs.argmax(axis=-1)
    targets[4] = 0
    source = TraceSource(trace)
    shelf = Shelf(source, told(source, targets=targets, timestep_labels=WORDS))
    return shelf.part(ROWS, SPAN)


def requests():
    """One of each kind at least, at the edges too."""
    for sample in range(3):
        at = {"layer": "lstm", "sample": sample, "step": 0}
        yield {"kind": "tile", **at, "quantities": ["cell_state", "forget_gate"], "units": [2, 3, 4], "start": 1,
               "stop": 9, "stride": 1}  # fmt: skip
        yield {"kind": "tile", **at, "quantities": ["forget_gate"], "units": [7, 0, 5], "start": 0, "stop": 12,
               "stride": 5}  # fmt: skip
        yield {"kind": "labels", **at, "start": 3, "stop": 12}
        yield {"kind": "words", **at, "start": 3, "stop": 12}
        for text in ("ÄHRE", " tag 1", "13", "nothing", " "):
            yield {"kind": "find", **at, "text": text}
        yield {"kind": "nearest", **at}
        yield {"kind": "parts", **at, "unit": 3, "start": 0, "stop": 12}
        yield {"kind": "parts", **at, "unit": 7, "start": 4, "stop": 5}
        for timestep, stride in ((11, 1), (5, 4), (0, 1)):
            yield {"kind": "memory", **at, "unit": 3, "timestep": timestep, "start": 0, "stop": 12, "stride": stride}
        yield {"kind": "saturation", **at}
        for threshold in (0.5, 0.9, 2):
            yield {"kind": "matches", **at, "quantity": "forget_gate", "start": 2, "stop": 6, "threshold": threshold}
        yield {"kind": "matches", **at, "quantity": "hidden_state", "start": 0, "stop": 12, "threshold": 0.1}
    for among, by, text in (("all", "index", ""), ("all", "index", "3"), ("wrong", "index", ""), ("all", "loss", "")):
        yield {"kind": "samples", "layer": "lstm", "step": 0, "text": text, "among": among, "by": by, "start": 0,
               "stop": 3}  # fmt: skip


def make():
    """Give the fixture."""
    here = part()
    asked = []
    for number, request in enumerate(requests()):
        message = {"id": f"w:{number}", **request}
        content, buffers = answer(OneStep(here), json.loads(json.dumps(message)))
        asked.append([message, content, [base64.b64encode(buffer).decode() for buffer in buffers]])
    orders = {
        f"similarity:{unit}": here.scene("lstm", sample, f"similarity:{unit}")[0]["order"]
        for sample in (1,)
        for unit in (0, 5)
    }
    overview = base64.b64encode(here.scene("lstm", 1, "change")[1]).decode()
    selection = {"layer": "lstm", "sample": 1, "timestep": 3, "unit": 2, "pinned": [], "quantity": "forget_gate",
                 "zoom": [0, 12], "sort": "change", "panel": "map", "scale": "shared", "threshold": None,
                 "step": 0, "compared_step": None, "range": None, "compared": None, "comparison": "a",
                 "equation": "", "diagram": True, "veiled": False, "text": "line", "among": "all"}  # fmt: skip
    made = {
        "embedded": embed(here, selection, 700, {"start": SPAN[0], "samples": {"lstm": ROWS}}),
        "asked": asked,
        "orders": orders,
        "overview": overview,
    }
    made["embedded"]["catalogue"]["colours"] = {}
    return json.loads(json.dumps(made))


if __name__ == "__main__":
    FILE.write_text(json.dumps(make(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
