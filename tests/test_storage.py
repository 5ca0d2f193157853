"""A saved trace comes back the same, from a file or a directory; what is not one is refused, and runs no code."""

import json
import pickle
import shutil
import zipfile
from pathlib import Path

import keras
import ml_dtypes
import numpy as np
import pytest
from small_models import data, randomise

import lstm_widget as lw
from lstm_widget import storage

L = keras.layers


@pytest.fixture(scope="module")
def trace():
    i = keras.Input((5, 3))
    masked = L.Masking()(i)
    others = [L.GRU(2)(masked), L.LSTM(2, use_bias=False)(masked)]
    model = keras.Model(i, {"x": L.Bidirectional(L.LSTM(4), name="b")(masked), "y": others})
    x = data(4, 5, 3)
    x[0, 3:] = 0
    return lw.extract(randomise(model), x, samples=[2, 0])


@pytest.fixture(params=["trace.npz", "directory"])
def saved(request, trace, tmp_path):
    path = tmp_path / request.param
    trace.save(path)
    return path


def assert_equal(one, other):
    assert list(one) == list(other)
    for a, b in zip(one.values(), other.values(), strict=True):
        for name in (q.name for q in a.quantities):
            np.testing.assert_array_equal(a[name], b[name])
        for name in a.initial_state:
            np.testing.assert_array_equal(a.initial_state[name], b.initial_state[name])
            np.testing.assert_array_equal(a.previous(name), b.previous(name))
        for gate, weights in a.weights.items():
            for mine, theirs in zip(weights, b.weights[gate], strict=True):
                assert (mine is None) == (theirs is None)
                if mine is not None:
                    np.testing.assert_array_equal(mine, theirs)
            np.testing.assert_array_equal(a.preactivation(gate), b.preactivation(gate))
        np.testing.assert_array_equal(a.mask, b.mask)
        np.testing.assert_array_equal(a.inputs, b.inputs)
        assert (a.cell, a.direction, a.activations, a.reset_after) == (
            b.cell,
            b.direction,
            b.activations,
            b.reset_after,
        )
        assert a.origin.index(1, 2) == b.origin.index(1, 2)
    for a, b in zip(keras.tree.flatten(one.outputs), keras.tree.flatten(other.outputs), strict=True):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(one.inputs, other.inputs)


def test_round_trip(trace, saved):
    loaded = lw.Trace.load(saved)
    assert_equal(trace, loaded)
    assert loaded.outputs.keys() == {"x", "y"}


def test_a_loaded_certificate_says_when(trace, saved):
    loaded = lw.Trace.load(str(saved))
    for name in trace:
        assert str(trace[name].certificate).startswith("proved: off by")
        assert str(loaded[name].certificate).startswith("proved when saved: off by")
        assert loaded[name].certificate.max_abs_error == trace[name].certificate.max_abs_error


def test_loaded_arrays_are_read_only(saved):
    for lt in lw.Trace.load(saved).values():
        with pytest.raises(ValueError, match="read-only"):
            lt["h"][0] = 0


def is_mapped(array):
    while array is not None and not isinstance(array, np.memmap):
        array = array.base
    return array is not None


def as_first_versions_did(folder):
    """Give each array a file."""
    with np.load(folder / "small.npz") as small:
        for name, array in small.items():
            np.save(folder / f"{name}.npy", array)
    (folder / "small.npz").unlink()


def test_a_directory_is_opened_as_memory_maps(trace, tmp_path):
    trace.save(tmp_path / "d")
    assert is_mapped(next(iter(lw.Trace.load(tmp_path / "d").values()))["h"])


def test_saving_over_what_it_is_mapped_from(trace, tmp_path):
    """Truncating a file that is mapped takes the process down, and the data with it."""
    trace.save(tmp_path / "d")
    loaded = lw.Trace.load(tmp_path / "d")
    loaded.save(tmp_path / "d")
    assert_equal(trace, loaded)
    assert_equal(trace, lw.Trace.load(tmp_path / "d"))
    assert not list(tmp_path.rglob("*.part"))


def test_nothing_of_others_is_overwritten(trace, tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    for target in (tmp_path, tmp_path / "thesis.tex"):
        with pytest.raises(lw.StorageError, match="is not a saved trace; nothing was overwritten"):
            trace.save(target)
    (tmp_path / "folder.npz").mkdir()
    with pytest.raises(lw.StorageError, match="is a directory"):
        trace.save(tmp_path / "folder.npz")
    assert (tmp_path / "thesis.tex").read_text() == "years of work"


def test_keys_that_a_file_system_confuses(tmp_path):
    keys = ["a/b", "a_b", "A_B", "..", "con", "x" * 300, "\u00e9", ""]
    tree = {key: np.full((1, 2), k, "float32") for k, key in enumerate(keys)}
    trace = lw.Trace({}, inputs=tree, outputs=[tree, (tree["a_b"],)])
    for path in (tmp_path / "t.npz", tmp_path / "d"):
        trace.save(path)
        loaded = lw.Trace.load(path)
        assert {key: int(value[0, 0]) for key, value in loaded.inputs.items()} == dict(zip(keys, range(8), strict=True))


def test_texts_and_bfloat16_come_back_as_something_readable(tmp_path):
    words = np.array([["how"], [b"are \xc3\xa4"]], object)
    trace = lw.Trace({}, inputs=words, outputs=np.array([[0.5], [2.0]], ml_dtypes.bfloat16))
    for path in (tmp_path / "t.npz", tmp_path / "d"):
        trace.save(path)
        loaded = lw.Trace.load(path)
        assert loaded.inputs.tolist() == [["how"], ["are \u00e4"]]
        assert loaded.outputs.tolist() == [[0.5], [2.0]]
        assert loaded.outputs.dtype == np.float32


def test_a_save_that_fails_leaves_what_was_there(trace, tmp_path, monkeypatch):
    """Gates of one step beside weights of another would be a proved mixture."""
    trace.save(tmp_path / "d")
    before = {file.name: file.read_bytes() for file in (tmp_path / "d").iterdir()}

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    for name in ("d", "new"):
        with pytest.raises(OSError, match="No space"):
            trace.save(tmp_path / name)
    assert [file.name for file in tmp_path.iterdir()] == ["d"]
    assert {file.name: file.read_bytes() for file in (tmp_path / "d").iterdir()} == before


def test_a_save_that_fails_at_its_end_puts_back_what_was_there(trace, tmp_path, monkeypatch):
    trace.save(tmp_path / "d")
    before = {file.name: file.read_bytes() for file in (tmp_path / "d").iterdir()}
    rename, moved = Path.rename, []

    def stopped(self, target):
        moved.append(self.name)
        if len(moved) == len(before) + 3:
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", stopped)
    with pytest.raises(KeyboardInterrupt):
        trace.save(tmp_path / "d")
    assert {file.name: file.read_bytes() for file in (tmp_path / "d").iterdir()} == before


def test_files_of_the_user_stay(trace, tmp_path):
    trace.save(tmp_path / "d")
    (tmp_path / "d" / "notes.txt").write_text("mine")
    trace.save(tmp_path / "d")
    assert (tmp_path / "d" / "notes.txt").read_text() == "mine"


def test_what_does_not_grow_with_time_shares_a_file(trace, tmp_path, monkeypatch):
    """A file a weight would be most of what it takes to write a step of a training."""
    name = next(name for name in trace if name.startswith("b/"))
    part = lw.Trace({name: trace[name]}, inputs=trace.inputs, outputs=trace.outputs["x"])
    part.save(tmp_path / "d")
    along_time = {
        f"layer0_{name}.npy" for name in (*(q.name for q in part.only.quantities), "inputs", "mask", "errors")
    }
    files = {*along_time, "inputs.npy", "outputs.npy", "small.npz", "trace.json"}
    assert {file.name for file in (tmp_path / "d").iterdir()} == files
    # Large ones are maps, as all that grows with time.
    monkeypatch.setattr(storage, "_SMALL_BYTES", 0)
    part.save(tmp_path / "large")
    loaded = lw.Trace.load(tmp_path / "large")
    assert is_mapped(loaded.only.weights["forget_gate"].kernel)
    assert_equal(part, loaded)


@pytest.mark.parametrize("damage", ["missing", "short", "not an archive", "not all arrays"])
def test_a_damaged_archive_is_refused(trace, tmp_path, damage):
    trace.save(tmp_path / "d")
    small = tmp_path / "d" / "small.npz"
    if damage == "missing":
        small.unlink()
    elif damage == "not all arrays":
        with zipfile.ZipFile(small) as archive:
            arrays = {name: archive.read(name) for name in archive.namelist()}
        with zipfile.ZipFile(small, "w") as archive:
            for name, array in arrays.items():
                archive.writestr(name, "not an array" if "bias" in name else array)
    else:
        small.write_bytes(b"not an archive" if damage != "short" else small.read_bytes()[: small.stat().st_size // 2])
    with pytest.raises(lw.StorageError, match="nothing to read" if damage == "missing" else "not a trace"):
        lw.Trace.load(tmp_path / "d")


def test_a_directory_of_the_first_versions_can_be_read(trace, tmp_path):
    trace.save(tmp_path / "d")
    as_first_versions_did(tmp_path / "d")
    assert_equal(trace, lw.Trace.load(tmp_path / "d"))


class Bomb:
    def __reduce__(self):
        return exec, ("raise SystemExit('code ran')",)


def test_no_pickle_is_ever_opened(trace, tmp_path):
    trace.save(tmp_path / "d")
    victim = next((tmp_path / "d").glob("*hidden_state.npy"))
    np.save(victim, np.array([Bomb()], object), allow_pickle=True)
    with pytest.raises(lw.StorageError):
        lw.Trace.load(tmp_path / "d")
    (tmp_path / "p.npz").write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(lw.StorageError):
        lw.Trace.load(tmp_path / "p.npz")


@pytest.mark.parametrize("name", ["../secret.npy", "/etc/passwd", "sub/../../secret.npy"])
def test_a_path_that_leaves_the_directory_is_refused(trace, tmp_path, name):
    np.save(tmp_path / "secret.npy", np.zeros(3))
    trace.save(tmp_path / "d")
    described = json.loads((tmp_path / "d" / "trace.json").read_text())
    described["layers"][0]["inputs"] = name
    (tmp_path / "d" / "trace.json").write_text(json.dumps(described))
    with pytest.raises(lw.StorageError, match="outside of itself"):
        lw.Trace.load(tmp_path / "d")


@pytest.mark.parametrize("pattern", ["*hidden_state.npy", "small.npz"])
def test_a_link_that_leaves_the_directory_is_refused(trace, tmp_path, pattern):
    np.save(tmp_path / "secret.npy", np.zeros(3))
    trace.save(tmp_path / "d")
    victim = next((tmp_path / "d").glob(pattern))
    victim.unlink()
    victim.symlink_to(tmp_path / "secret.npy")
    with pytest.raises(lw.StorageError, match="outside of itself"):
        lw.Trace.load(tmp_path / "d")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        '{"format": "lstm_widget trace 99"}',
        '{"format": "lstm_widget trace 1"}',
        "[" * 10**5,
    ],
)
def test_a_directory_whose_json_is_broken(tmp_path, text):
    (tmp_path / "trace.json").write_text(text)
    with pytest.raises(lw.StorageError):
        lw.Trace.load(tmp_path)


@pytest.mark.parametrize("change", [{"cell": "mlp"}, {"name": None}, {"values": {}}, {"origin": 3}, {"weights": []}])
def test_a_layer_that_is_not_described_as_one(trace, tmp_path, change):
    trace.save(tmp_path / "d")
    described = json.loads((tmp_path / "d" / "trace.json").read_text())
    described["layers"][0] |= change
    (tmp_path / "d" / "trace.json").write_text(json.dumps(described))
    with pytest.raises(lw.StorageError):
        lw.Trace.load(tmp_path / "d")


def test_nothing_there(tmp_path):
    for path in (tmp_path / "none.npz", tmp_path / "none", tmp_path):
        with pytest.raises(lw.StorageError, match="nothing to read at"):
            lw.Trace.load(path)


def test_files_of_other_sorts(tmp_path):
    np.save(tmp_path / "array.npy", np.zeros(3))
    np.savez(tmp_path / "arrays.npz", a=np.zeros(3))
    (tmp_path / "text.npz").write_text("hello")
    (tmp_path / "empty.npz").write_bytes(b"")
    with zipfile.ZipFile(tmp_path / "zip.npz", "w") as archive:
        archive.writestr("trace.json.npy", "not an array")
    for path in tmp_path.iterdir():
        with pytest.raises(lw.StorageError):
            lw.Trace.load(path)


def test_a_damaged_file(trace, tmp_path):
    """Wherever it is cut or changed: an error of our own, or, where nothing was hit that matters, the same trace."""
    trace.save(tmp_path / "good.npz")
    good = (tmp_path / "good.npz").read_bytes()
    bad = tmp_path / "bad.npz"
    rng = np.random.default_rng(0)
    for _ in range(60):
        place = int(rng.integers(len(good)))
        changed = bytearray(good)
        changed[place] ^= int(rng.integers(1, 256))
        for content in (good[:place], bytes(changed)):
            bad.write_bytes(content)
            try:
                loaded = lw.Trace.load(bad)
            except lw.StorageError:
                continue
            assert_equal(trace, loaded)


def test_a_missing_or_short_array(trace, tmp_path):
    trace.save(tmp_path / "d")
    victim = next((tmp_path / "d").glob("*hidden_state.npy"))
    content = victim.read_bytes()
    for broken in (content[:50], content[:-8], b""):
        victim.write_bytes(broken)
        with pytest.raises(lw.StorageError):
            lw.Trace.load(tmp_path / "d")
    victim.unlink()
    with pytest.raises(lw.StorageError):
        lw.Trace.load(tmp_path / "d")


def test_what_was_cut_short_while_saving_is_no_trace(trace, tmp_path):
    """The description comes last."""
    trace.save(tmp_path / "d")
    assert {p.suffix for p in (tmp_path / "d").iterdir()} == {".npy", ".npz", ".json"}
    (tmp_path / "d" / "trace.json").unlink()
    with pytest.raises(lw.StorageError):
        lw.Trace.load(tmp_path / "d")
    shutil.rmtree(tmp_path / "d")


def test_a_stateful_backward_trace_keeps_its_way_of_reading(tmp_path):
    layer = L.LSTM(3, stateful=True, go_backwards=True)
    model = randomise(keras.Sequential([keras.Input(batch_shape=(2, 4, 3)), layer]))
    trace = lw.extract(model, data(6, 4, 3))
    trace.save(tmp_path / "t.npz")
    loaded = lw.Trace.load(tmp_path / "t.npz").only
    np.testing.assert_array_equal(loaded.previous("c"), trace.only.previous("c"))
    assert loaded.origin.index(1, 9) == trace.only.origin.index(1, 9) == (5, 1)


def test_biases_that_the_first_versions_kept_apart_are_two_rows(trace, tmp_path):
    trace.save(tmp_path / "d")
    as_first_versions_did(tmp_path / "d")
    described = json.loads((tmp_path / "d" / "trace.json").read_text())
    for layer in described["layers"]:
        for parts in layer["weights"].values():
            parts["recurrent_bias"] = None
            if parts["bias"] is not None and len(rows := np.load(tmp_path / "d" / parts["bias"])) == 2:
                parts["recurrent_bias"] = f"second_{parts['bias']}"
                for name, row in zip((parts["bias"], parts["recurrent_bias"]), rows, strict=True):
                    np.save(tmp_path / "d" / name, row)
    (tmp_path / "d" / "trace.json").write_text(json.dumps(described))
    assert_equal(trace, lw.Trace.load(tmp_path / "d"))
