"""Traces on disk: named arrays and one JSON text. Nothing that could run code when it is read."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

import numpy as np
from numpy.lib.format import open_memmap

from lstm_widget.assembly.room import Allocate
from lstm_widget.capture.record import Array
from lstm_widget.errors import StorageError
from lstm_widget.head import ACTIVATIONS, DenseStep, Head
from lstm_widget.layer_trace import LayerTrace, Origin
from lstm_widget.trace import Trace
from lstm_widget.verification.certificate import Certificate
from lstm_widget.weights import GateWeights

_FORMAT = "lstm_widget trace 1"
_JSON = "trace.json"
_SMALL = "small.npz"
_SMALL_BYTES = 2**16
"""In a directory an array that does not grow with time, and has no more bytes, shares a file with others like it."""

Store = Callable[[str, Array], str]
"""Keeps an array under a name and gives the name back."""

Fetch = Callable[[str], Array]


def save(trace: Trace, path: str | os.PathLike[str]) -> None:
    """Write a trace to an ``.npz`` file or a directory."""
    target = Path(path)
    if target.suffix == ".npz":
        if target.is_dir():
            msg = f"{target} is a directory; a path that ends in .npz names a file"
            raise StorageError(msg)
        arrays: dict[str, Array] = {}

        def keep(name: str, array: Array) -> str:
            arrays[name] = _plain(array)
            return name

        text = json.dumps(_describe(trace, keep, keep))
        with _replacing(target) as file:
            np.savez_compressed(file, **{_JSON: np.array(text)}, **arrays)  # type: ignore[arg-type]
        return
    if target.exists() and not (target / _JSON).exists() and (target.is_file() or any(target.iterdir())):
        msg = (
            f"{target} exists and is not a saved trace; nothing was overwritten. Choose another path, or end it in .npz"
        )
        raise StorageError(msg)
    with _replacing_files(target) as folder:
        _write(trace, folder, already={})


class OnDisk:
    """Room for a trace that is put together on disk, as memory maps of the files that `save` would write.

    Parameters
    ----------
    path : path
        Of a directory that is not there yet, or empty.

    Raises
    ------
    StorageError
        If something is there.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._root = Path(path)
        if self._root.suffix == ".npz" or self._root.is_file() or (self._root.is_dir() and any(self._root.iterdir())):
            msg = (
                f"path={str(path)!r} must name a directory that is new or empty, without .npz; nothing was overwritten"
            )
            raise StorageError(msg)
        self._made = not self._root.exists()
        self._root.mkdir(parents=True, exist_ok=True)
        self._maps: dict[str, Array] = {}

    def free_bytes(self) -> int:
        """Ask the file system."""
        return shutil.disk_usage(self._root).free

    def too_large(self, needed: str, free: str) -> str:
        """Name the way round it."""
        return (
            f"take {needed} and more; on the disk of {str(self._root)!r} {free} are free. Choose another path, or take"
        )

    def layer(self, number: int) -> Allocate:
        """Make files of the layer's arrays."""

        def allocate(name: str, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
            file = _file(f"layer{number}/{name}")
            self._maps[file] = open_memmap(self._root / file, mode="w+", dtype=dtype, shape=shape)
            return self._maps[file]

        return allocate

    def finish(self, trace: Trace) -> None:
        """Write the rest of the trace."""
        for values in self._maps.values():
            values.flush()  # type: ignore[attr-defined]
        _write(trace, self._root, already=self._maps)

    def abandon(self) -> None:
        """Take away what is not finished: it is no trace."""
        self._maps.clear()
        # The error that cut it short is what must be heard, not one of ours on the way out.
        with suppress(OSError):
            for file in self._root.iterdir():
                file.unlink()
            if self._made:
                self._root.rmdir()


def _file(name: str) -> str:
    return name.replace("/", "_") + ".npy"


def _write(trace: Trace, folder: Path, already: Mapping[str, Array]) -> None:
    small: dict[str, Array] = {}

    def write(name: str, array: Array) -> str:
        file = _file(name)
        if file not in already:
            np.save(folder / file, _plain(array), allow_pickle=False)
        return file

    def write_beside(name: str, array: Array) -> str:
        if array.nbytes > _SMALL_BYTES:
            return write(name, array)
        file = _file(name)
        small[_in_small(file)] = _plain(array)
        return file

    described = _describe(trace, write, write_beside)
    np.savez(folder / _SMALL, **small)  # type: ignore[arg-type]
    # Last, so that what was cut short is not mistaken for a trace.
    (folder / _JSON).write_text(json.dumps(described), encoding="utf-8")


def _in_small(file: str) -> str:
    """Give the name without the ending, which NumPy adds to each array of an archive."""
    return file.removesuffix(".npy")


def load(path: str | os.PathLike[str]) -> Trace:
    """Read a trace back; from a directory what grows with time, and what is large, comes as memory maps."""
    source = Path(path)
    try:
        if source.is_dir():
            described = json.loads((source / _JSON).read_text(encoding="utf-8"))
            root = source.resolve()
            with _small_arrays(root) as small:
                return _rebuild(described, partial(_fetch, root, small))
        with np.load(source, allow_pickle=False) as archive:
            described = json.loads(str(archive[_JSON]))
            return _rebuild(described, lambda name: archive[name])
    except FileNotFoundError as error:
        msg = f"nothing to read at {source}: {error}"
        raise StorageError(msg) from error
    except StorageError:
        raise
    except Exception as error:  # there is no end to what a damaged file can provoke: zlib, zipfile, json, NumPy
        msg = f"{source} is not a trace that this version can read ({type(error).__name__}: {error})"
        raise StorageError(msg) from error


@contextmanager
def _replacing_files(folder: Path) -> Iterator[Path]:
    """Write files aside, then let them take their places: half of each trace would be none. All else there stays."""
    made = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with TemporaryDirectory(prefix=".saving-", dir=folder, ignore_cleanup_errors=True) as aside:
            new, old = Path(aside, "new"), Path(aside, "old")
            new.mkdir()
            old.mkdir()
            yield new
            # The description goes first and comes last: without it there is no trace.
            names = sorted((file.name for file in new.iterdir()), key=lambda name: name != _JSON)
            try:
                for name in names:
                    if (folder / name).exists():
                        (folder / name).rename(old / name)
                for name in reversed(names):
                    (new / name).rename(folder / name)
            except BaseException:
                for file in old.iterdir():
                    file.replace(folder / file.name)
                raise
    except BaseException:
        if made:
            with suppress(OSError):
                folder.rmdir()
        raise


@contextmanager
def _replacing(path: Path) -> Iterator[IO[bytes]]:
    """Write beside the file, then take its place: the trace to save may be mapped from that very file."""
    beside = path.with_name(f"{path.name}.part")
    try:
        with beside.open("wb") as file:
            yield file
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _small_arrays(root: Path) -> AbstractContextManager[Mapping[str, Array]]:
    # Traces saved by the first versions have none.
    found: Any = np.load(_inside(root, _SMALL), allow_pickle=False) if (root / _SMALL).exists() else nullcontext({})
    return found  # type: ignore[no-any-return]


def _fetch(root: Path, small: Mapping[str, Array], name: str) -> Array:
    key = _in_small(name)
    array = small[key] if key in small else np.load(_inside(root, name), mmap_mode="r", allow_pickle=False)
    if not isinstance(array, np.ndarray):  # bytes: in an archive there may be anything
        msg = f"{name!r} is not an array"
        raise TypeError(msg)
    return array


def _inside(root: Path, name: str) -> Path:
    file = (root / name).resolve()
    if file.parent != root:
        msg = f"{root} names a file outside of itself: {name!r}"
        raise StorageError(msg)
    return file


def _plain(array: Array) -> Array:
    """Turn what files cannot hold into what they can: TensorFlow's strings into text, bfloat16 into float32."""
    if array.dtype.name == "bfloat16":
        return array.astype(np.float32)
    if array.dtype == object:
        return np.array([item.decode() if isinstance(item, bytes) else item for item in array.flat], str).reshape(
            array.shape
        )
    return array


def _describe(trace: Trace, store: Store, beside: Store) -> dict[str, Any]:
    """Say what a trace is; ``store`` keeps arrays that grow with time, ``beside`` the others."""
    return {
        "format": _FORMAT,
        "inputs": _describe_tree(trace.inputs, "inputs", store),
        "outputs": _describe_tree(trace.outputs, "outputs", store),
        "layers": [_describe_layer(layer, f"layer{k}", store, beside) for k, layer in enumerate(trace.values())],
    }


def _describe_layer(layer: LayerTrace, prefix: str, store: Store, beside: Store) -> dict[str, Any]:
    return {
        "name": layer.name,
        "cell": layer.cell,
        "direction": layer.direction,
        "values": {q.name: store(f"{prefix}/{q.name}", layer[q.name]) for q in layer.quantities},
        "mask": None if layer.mask is None else store(f"{prefix}/mask", layer.mask),
        "inputs": store(f"{prefix}/inputs", layer.inputs),
        "initial_state": {name: beside(f"{prefix}/initial_{name}", a) for name, a in layer.initial_state.items()},
        "weights": {
            gate: {
                part: None if array is None else beside(f"{prefix}/{gate}_{part}", array)
                for part, array in weights._asdict().items()
            }
            for gate, weights in layer.weights.items()
        },
        "activations": layer.activations,
        "reset_after": layer.reset_after,
        "certificate": dataclasses.asdict(layer.certificate) | {"errors": _describe_errors(layer, prefix, store)},
        "readout": None if layer.readout is None else _describe_head(layer.readout, prefix, beside),
        "rounded_to": layer.rounded_to,
        "origin": {**vars(layer.origin), "rows": beside(f"{prefix}/rows", layer.origin.rows)},
    }


def _describe_errors(layer: LayerTrace, prefix: str, store: Store) -> str | None:
    errors = layer.certificate.errors
    return None if errors is None else store(f"{prefix}/errors", errors)


def _rebuild(described: Any, fetch: Fetch) -> Trace:
    if described["format"] != _FORMAT:
        msg = f"the format is {described['format']!r}, not {_FORMAT!r}"
        raise ValueError(msg)
    layers = [_rebuild_layer(layer, fetch) for layer in described["layers"]]
    return Trace(
        {layer.name: layer for layer in layers},
        inputs=_rebuild_tree(described["inputs"], fetch),
        outputs=_rebuild_tree(described["outputs"], fetch),
    )


def _rebuild_layer(described: Any, fetch: Fetch) -> LayerTrace:
    weights = {
        gate: _rebuild_weights({part: fetch(name) for part, name in parts.items() if name is not None})
        for gate, parts in described["weights"].items()
    }
    origin = described["origin"]
    if not isinstance(described["name"], str):
        msg = f"the name of a layer is {described['name']!r}"
        raise TypeError(msg)
    return LayerTrace(
        name=described["name"],
        cell=described["cell"],
        direction=described["direction"],
        values={name: fetch(file) for name, file in described["values"].items()},
        mask=None if described["mask"] is None else fetch(described["mask"]),
        inputs=fetch(described["inputs"]),
        initial_state={name: fetch(file) for name, file in described["initial_state"].items()},
        weights=weights,
        activations=described["activations"],
        reset_after=described["reset_after"],
        readout=None if described["readout"] is None else _rebuild_head(described["readout"], fetch),
        certificate=Certificate(**{**described["certificate"], "loaded": True, "errors": _errors(described, fetch)}),
        origin=Origin(fetch(origin["rows"]), origin["steps"], origin["stride"], tuple(origin["outer"])),
        rounded_to=described.get("rounded_to"),  # traces saved by the first versions were never rounded
    )


def _rebuild_weights(parts: dict[str, Array]) -> GateWeights:
    # Traces saved by the first versions hold the two rows of a bias apart.
    second = parts.pop("recurrent_bias", None)
    return GateWeights(**parts if second is None else {**parts, "bias": np.stack([parts["bias"], second])})


def _describe_head(head: Head, prefix: str, store: Store) -> dict[str, Any]:
    steps = [
        {
            "kernel": store(f"{prefix}/head{k}_kernel", step.kernel),
            "bias": None if step.bias is None else store(f"{prefix}/head{k}_bias", step.bias),
            "activation": step.activation,
        }
        for k, step in enumerate(head.steps)
    ]
    return {"steps": steps, "every": head.every, "complete": head.complete}


def _rebuild_head(described: Any, fetch: Fetch) -> Head:
    steps = tuple(
        DenseStep(
            fetch(step["kernel"]),
            None if step["bias"] is None else fetch(step["bias"]),
            step["activation"] if step["activation"] in ACTIVATIONS else "linear",
        )
        for step in described["steps"]
    )
    known = all(step["activation"] in ACTIVATIONS for step in described["steps"])
    return Head(steps, every=bool(described["every"]), complete=bool(described["complete"]) and known)


def _errors(described: Any, fetch: Fetch) -> Array | None:
    # Traces saved by the first versions have none.
    name = described["certificate"].get("errors")
    return None if name is None else fetch(name)


def _describe_tree(tree: Any, name: str, store: Store) -> Any:
    if isinstance(tree, dict):
        # Numbered, not named: two keys may look alike to a file system.
        return {
            "dict": {
                str(key): _describe_tree(child, f"{name}/{k}", store) for k, (key, child) in enumerate(tree.items())
            }
        }
    if isinstance(tree, list | tuple):
        return {"list": [_describe_tree(child, f"{name}/{k}", store) for k, child in enumerate(tree)]}
    return {"array": store(name, np.asarray(tree))}


def _rebuild_tree(described: Any, fetch: Fetch) -> Any:
    if "dict" in described:
        return {key: _rebuild_tree(child, fetch) for key, child in described["dict"].items()}
    if "list" in described:
        return [_rebuild_tree(child, fetch) for child in described["list"]]
    return fetch(described["array"])
