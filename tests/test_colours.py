"""The tables that travel to the page are matplotlib's."""

import numpy as np
import pytest

from lstm_widget.colours import NAMES, tables


@pytest.mark.parametrize(("ours", "theirs"), NAMES.items())
def test_tables_are_matplotlibs(ours, theirs):
    matplotlib = pytest.importorskip("matplotlib")
    if theirs not in matplotlib.colormaps:
        pytest.skip(f"this matplotlib ({matplotlib.__version__}) is too old to know {theirs}")
    expected = matplotlib.colormaps[theirs](np.arange(256), bytes=True)[:, :3]
    found = np.frombuffer(bytes.fromhex(tables()[ours]), np.uint8).reshape(256, 3)
    np.testing.assert_array_equal(found, expected)


def test_gates_are_ink_on_paper():
    lightness = {
        name: np.frombuffer(bytes.fromhex(table), np.uint8).reshape(256, 3) for name, table in tables().items()
    }
    assert lightness["gate-light"][0].min() > 240, "closed is paper"
    assert lightness["gate-light"][-1].max() < 15, "open is ink"
    assert lightness["gate-dark"][0].max() < 15
    assert lightness["gate-dark"][-1].min() > 240
