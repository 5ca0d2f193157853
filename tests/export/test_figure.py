"""Figures for papers: what stands in them, in inches, and what they leave behind."""

import io
import re
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from handmade import layer_of
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.image import imread

import lstm_widget as lw
from lstm_widget.colours import HUES, tables
from lstm_widget.export.figure.tracks import changes
from lstm_widget.export.figure.window import Window
from lstm_widget.serving.scene import ranges


@pytest.fixture
def trace():
    return lw.example()


def of(layer):
    return lw.Trace({layer.name: layer}, inputs=np.zeros((1, layer.timesteps, 1)), outputs=np.zeros((1, 2)))


def saved(figure, kind):
    file = io.BytesIO()
    figure.savefig(file, format=kind)
    return file.getvalue()


def texts(figure):
    """All words of a figure, out of an SVG in which they are words."""
    return re.findall(r"<text [^>]*>([^<]*)</text>", saved(figure, "svg").decode())


def limits_of(trace):
    return np.asarray(ranges(trace.only)["cell_state"], "f4")


def children(figure):
    return figure.axes[0].child_axes


def test_one_unit_is_tracks_with_the_widgets_names(trace):
    figure = trace.plot(units=3, sample=4)
    words = texts(figure)
    for quantity in trace.only.quantities:
        assert quantity.label in words
        assert quantity.symbol in words
    assert "timestep" in words
    assert len(children(figure)) == 6


def test_several_units_are_maps_in_the_order_given(trace):
    figure = trace.plot(units=[5, 2, 7], quantities=["f", "cell_state"], sample=4, timesteps=(3, 20))
    _, forget, _, cell = children(figure)
    shown = np.asarray(cell.images[0].get_array())
    np.testing.assert_array_equal(shown, trace.only.cell_state[4, 3:20, [5, 2, 7]].clip(*limits_of(trace)))
    assert [label.get_text() for label in forget.get_yticklabels()][:1] == ["5"]
    assert cell.get_xlim() == (2.5, 19.5)
    assert "3 of 8 units" in texts(figure)


def test_the_colours_are_the_widgets(trace):
    _, forget = children(trace.plot(quantities="f"))
    table = (forget.images[0].get_cmap()(np.arange(256))[:, :3] * 255).round().astype(np.uint8)
    assert table.tobytes().hex() == tables()["gate-light"]
    source = Path(__file__).parents[2].joinpath("js", "src", "colour.ts").read_text("utf-8")
    assert tuple(re.findall("#[0-9a-f]{6}", re.search(r"light: \[(.*)\]", source)[1])) == HUES


def test_a_paper_gets_inches_points_and_text_that_can_be_edited(trace):
    figure = trace.plot(units=3, width=5)
    assert figure.get_figwidth() == 5
    assert b"/Type /Font" in saved(figure, "pdf")
    assert b"/Type3" not in saved(figure, "pdf")
    sizes = {float(size) for size in re.findall(r"font-size: ([\d.]+)px", saved(figure, "svg").decode())}
    assert sizes == {6.0, 8.0}


def test_nothing_is_left_behind():
    code = (
        "import matplotlib, lstm_widget as lw; before = dict(matplotlib.rcParams)\n"
        "figure = lw.example().plot(units=3); figure._repr_png_()\n"
        "lw.LSTMWidget(lw.example()).figure().savefig('/dev/null', format='pdf')\n"
        "assert dict(matplotlib.rcParams) == before\n"
        "import matplotlib.pyplot; assert not matplotlib.pyplot.get_fignums()"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


def test_a_style_that_is_switched_on_does_not_blacken_it(trace):
    with mpl.rc_context({"savefig.facecolor": "black", "axes.facecolor": "black", "figure.facecolor": "black"}):
        picture = io.BytesIO(saved(trace.plot(units=3), "png"))
    assert (imread(picture)[0, 0] == 1).all(), "the corner is paper"


def test_it_draws_into_axes_that_are_given(trace):
    figure = Figure()
    left, right = figure.subplots(1, 2)
    assert trace.plot(units=3, ax=right) is figure
    assert len(right.child_axes) == 6
    assert not left.child_axes


def test_masked_steps_are_hatched_and_their_gates_are_no_strange_numbers(trace):
    figure = trace.plot(sample=0, timesteps=(0, 31), quantities="f")
    forget = children(figure)[1]
    assert [patch.get_hatch() for patch in forget.patches] == [None, "/////"]
    assert forget.patches[1].get_x() == 6.5
    assert len(forget.images) == 1
    assert trace.plot(sample=0, quantities="f").axes[0].child_axes[1].get_xlim() == (-0.5, 6.5)


def test_a_number_that_is_none_is_told_from_a_masked_one():
    values = np.full((4, 3), 0.5)
    values[1, 1] = values[3] = np.nan
    window = Window(layer_of(f=values, mask=[True, True, True, False]), 0, 0, 4, {})
    assert np.argwhere(window.strange("forget_gate", [0, 1, 2])).tolist() == [[1, 1]]


def test_a_number_that_is_none_is_shown_as_none():
    values = np.full((4, 3), 0.5)
    values[2, 1] = np.nan
    trace = of(layer_of(f=values))
    figure = trace.plot(quantities="f", units=[0, 1, 2])
    strange = children(figure)[1].images[1].get_array()
    assert np.argwhere(~strange.mask).tolist() == [[1, 2]]
    track = trace.plot(quantities="f", units=1).axes[0].child_axes[0]
    assert [patch.get_x() for patch in track.patches] == [1.5]
    assert len(track.lines[2:]) == 2, "the line must not bridge it"


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_written_and_erased_sum_to_the_change(cell):
    rng = np.random.default_rng(1)
    z, g, h = rng.random((6, 2)), rng.normal(size=(6, 2)), np.zeros((7, 2))
    i = rng.random((6, 2)) if cell == "lstm" else 1 - z
    for t in range(6):
        h[t + 1] = z[t] * h[t] + i[t] * g[t]
    state = {"lstm": {"i": i, "f": z, "g": g, "c": h[1:]}, "gru": {"z": z, "g": g, "h": h[1:]}}[cell]
    written, erased = changes(Window(layer_of(cell, timesteps=6, units=2, **state), 0, 0, 6, {}), 1)
    np.testing.assert_allclose(written + erased, np.diff(h[:, 1]), atol=1e-6)


def test_the_memory_has_its_bars_and_says_how_large_they_are(trace):
    figure = trace.plot(units=3, sample=4, quantities="c")
    (track,) = children(figure)
    assert sum(isinstance(each, PolyCollection) for each in track.collections) == 2
    meaning = r"bars( \N{MULTIPLICATION SIGN} \d+)?: written\nhollow: erased"
    (words,) = (text for text in track.texts if re.fullmatch(meaning, text.get_text()))
    figure.draw_without_rendering()
    named, around = words.get_window_extent(), track.get_window_extent()
    assert named.x1 < around.x0, "on the track they would lie on its line"
    assert around.y0 <= named.y0
    (name,) = (text for text in track.texts if text.get_text() == "cell state")
    assert named.y1 <= name.get_window_extent().y0


def test_a_widgets_figure_is_what_is_on_screen(trace):
    names = [f"day {t}" for t in range(31)]
    w = lw.LSTMWidget(trace, sample=4, unit=3, pinned=[1], quantity="c", timestep_labels=names)
    figure = w.figure(width=6.9)
    words = texts(figure)
    assert "day 0" in words
    assert len(children(figure)) == 8
    shown = np.asarray(children(figure)[-1].images[0].get_array())
    rows = trace.only.cell_state[4].T[list(w._scene["order"])]
    np.testing.assert_array_equal(shown, rows.clip(*limits_of(trace)))
    w.zoom = (3, 9)
    assert children(w.figure())[-1].get_xlim() == (2.5, 8.5)


def test_long_and_wide_layers_are_thinned_in_time_never_in_units():
    layer = layer_of(timesteps=5000, units=600)
    figure = of(layer).plot()
    shown = np.asarray(children(figure)[1].images[0].get_array())
    assert shown.shape[1] <= 2000
    assert f"{len(shown)} of 600 units" in texts(figure)
    assert figure.get_figheight() < 10


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"sample": 5}, "sample=5.*there are 5.*0..4"),
        ({"sample": True}, "sample=True"),
        ({"units": 8}, "units=8.*0..7"),
        ({"units": []}, "units is empty"),
        ({"units": "all"}, "units='all' is no list"),
        ({"units": [1.5]}, "units=1.5"),
        ({"quantities": []}, "names nothing.*i, f, g, o, c, h"),
        ({"timesteps": (3, 3)}, "timesteps=.3, 3. is no window.*31"),
        ({"timesteps": 7}, "timesteps=7"),
        ({"width": 0}, "inches"),
        ({"width": float("nan")}, "inches"),
    ],
)
def test_what_is_not_there_is_refused_in_our_words(trace, given, says):
    with pytest.raises(lw.InputError, match=says):
        trace.plot(**given)


def test_names_that_are_not_there_are_refused_too(trace):
    with pytest.raises(lw.LayerNotFoundError, match="lstm"):
        trace.plot("decoder")
    with pytest.raises(lw.LayerNotFoundError, match="forget_gate"):
        trace.plot(quantities="x")
    with pytest.raises(lw.InputError, match="a page holds"):
        of(layer_of(units=600)).plot(units=range(600))
