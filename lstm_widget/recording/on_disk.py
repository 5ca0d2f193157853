"""Steps on disk: a folder a step, each of them a saved trace with a few words about the moment beside it."""

from __future__ import annotations

import json
import re
import shutil
from functools import partial
from pathlib import Path

from lstm_widget.errors import StorageError
from lstm_widget.recording.step import Step
from lstm_widget.recording.watchers import Watchers
from lstm_widget.trace import Trace

_FORMAT = "lstm_widget recording 1"
_MARK = "recording.json"
_STEP = "step.json"
_TRACE = "trace.json"
_NAME = re.compile(r"step-(\d{8,})")


class StepsOnDisk:
    """Steps in the folder of one recording, which another process may be writing.

    A step is written under another name and then renamed, and renamed before it is deleted: whatever is called
    ``step-...`` is whole, whenever the writer is stopped.

    Parameters
    ----------
    path : Path
        Looked at anew at each question.
    """

    def __init__(self, path: Path) -> None:
        self.watchers = Watchers()
        self._path = path

    def begin(self) -> None:
        """Make the folder.

        Raises
        ------
        StorageError
            If something stands there already.
        """
        path = self._path
        if path.is_file() or (path.is_dir() and any(path.iterdir())):
            found = "holds a recording" if (path / _MARK).exists() else "exists and is not empty"
            delete = f"shutil.rmtree({str(path)!r})"
            msg = f"{path} {found}; nothing was overwritten. Choose another path, or delete it: {delete}"
            raise StorageError(msg)
        path.mkdir(parents=True, exist_ok=True)
        (path / _MARK).write_text(json.dumps({"format": _FORMAT}), encoding="utf-8")

    def check(self) -> None:
        """Refuse a folder that is no recording.

        Raises
        ------
        StorageError
        """
        try:
            described = json.loads((self._path / _MARK).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            msg = f"{self._path} is not a recording ({error})"
            raise StorageError(msg) from error
        if not isinstance(described, dict) or described.get("format") != _FORMAT:
            msg = f"{self._path} is not a recording that this version can read: {described!r}"
            raise StorageError(msg)

    def numbers(self) -> list[int]:
        """List what there is now, oldest first."""
        if not self._path.is_dir():
            return []  # a recorder before its first fit
        return sorted(int(found[1]) for entry in self._path.iterdir() if (found := _NAME.fullmatch(entry.name)))

    def read(self, number: int) -> Step:
        """Give one step; its trace stays on disk until it is asked for.

        Raises
        ------
        StorageError
            If it is damaged, or was thinned out a moment ago.
        """
        folder = self._folder(number)
        try:
            described = json.loads((folder / _STEP).read_text(encoding="utf-8"))
            return Step(
                fit=int(described["fit"]),
                epoch=int(described["epoch"]),
                batch=None if described["batch"] is None else int(described["batch"]),
                logs={str(name): float(value) for name, value in described["logs"].items()},
                marks=tuple(map(str, described["marks"])),
                opened=partial(Trace.load, folder) if (folder / _TRACE).exists() else None,
            )
        except FileNotFoundError as error:
            msg = f"{folder} is gone; a recorder with max_steps drops steps while it runs. Ask the recording again"
            raise StorageError(msg) from error
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            msg = f"{folder} is not a step that this version can read ({type(error).__name__}: {error})"
            raise StorageError(msg) from error

    def add(self, number: int, step: Step) -> None:
        """Write one more; what was begun and not finished is deleted again."""
        folder = self._folder(number)
        part = self._aside(folder)
        shutil.rmtree(part, ignore_errors=True)
        try:
            part.mkdir()
            if step.opened is not None:
                step.trace.save(part)
            about = {"fit": step.fit, "epoch": step.epoch, "batch": step.batch}
            text = json.dumps({**about, "logs": dict(step.logs), "marks": step.marks})
            (part / _STEP).write_text(text, encoding="utf-8")
            part.rename(folder)
        except BaseException:  # Ctrl-C too
            shutil.rmtree(part, ignore_errors=True)
            raise

    def drop(self, number: int) -> None:
        """Delete one."""
        folder = self._folder(number)
        aside = self._aside(folder)
        folder.rename(aside)
        shutil.rmtree(aside)

    def _folder(self, number: int) -> Path:
        return self._path / f"step-{number:08d}"

    @staticmethod
    def _aside(folder: Path) -> Path:
        return folder.with_name(f"{folder.name}.part")
