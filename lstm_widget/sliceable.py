"""Arrays that stay where they are: whatever can be sliced, such as an HDF5 dataset or a zarr array."""

from __future__ import annotations

from typing import Any

import numpy as np

from lstm_widget.capture.record import Array


class Sliceable:
    """Reads of an array only what is asked for, and gives that as NumPy's.

    Libraries differ in how they index with lists; what all of them know is integers and slices that go forward. So
    only those are passed on: where a list is asked for, the stretch that it lies in is read.

    Parameters
    ----------
    source : has ``shape``, ``dtype`` and ``[...]``
    """

    def __init__(self, source: Any) -> None:
        self._source = source
        self.shape: tuple[int, ...] = tuple(map(int, source.shape))
        self.dtype = np.dtype(source.dtype)
        self.ndim = len(self.shape)
        self.nbytes = int(np.prod(self.shape, dtype=np.int64)) * self.dtype.itemsize

    def __getitem__(self, key: Any) -> Array:
        keys = key if isinstance(key, tuple) else (key,)
        read, then = zip(*(_split(each, length) for each, length in zip(keys, self.shape, strict=False)), strict=True)
        found: Array = np.asarray(self._source[tuple(read)])
        # An integer has taken its axis away already.
        picked: Array = found[tuple(each for each in then if each is not None)]
        return picked

    def __len__(self) -> int:
        return self.shape[0]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:  # noqa: FBT001  (NumPy's protocol)
        del copy
        return np.asarray(self._source[...], dtype)


def _split(key: Any, length: int) -> tuple[int | slice, Any]:
    """Give what is read of an axis, and how to index what was read; None where nothing of the axis is left."""
    if isinstance(key, slice):
        start, stop, step = key.indices(length)
        if step > 0:
            return slice(start, max(start, stop), step), slice(None)
        key = np.arange(start, stop, step)
    if isinstance(key, int | np.integer):
        return int(key) % length if -length <= key < length else int(key), None
    places = np.flatnonzero(key) if np.asarray(key).dtype == bool else np.asarray(key, int)
    places = np.where(places < 0, places + length, places)
    if not places.size:
        return slice(0, 0), places
    first = int(places.min())
    return slice(first, int(places.max()) + 1), places - first
