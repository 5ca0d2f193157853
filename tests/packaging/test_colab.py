"""Our wheel among Colab's packages: it brings what it needs and changes nothing that was there."""

from importlib.metadata import version
from pathlib import Path

import lstm_widget as lw

ROOT = Path(__file__).parents[2]


def test_every_version_is_colabs_still():
    lines = (ROOT / ".ci" / "colab.txt").read_text("utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if line and not line.startswith("#"))
    assert {"ipywidgets", "keras", "notebook", "traitlets"} <= set(pins)
    assert {name: version(name) for name in pins} == pins


def test_it_is_the_wheel_that_is_tested():
    assert not Path(lw.__file__).is_relative_to(ROOT / "lstm_widget")
