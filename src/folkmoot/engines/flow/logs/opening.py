"""Open a file that may be compressed, and refuse to unfold what was made to fill the memory (a “zip bomb”)."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from typing import IO
from zlib import error as ZlibError

from folkmoot.engines.flow.logs.log import LogError

LARGEST = 2 * 1024**3
"""Bytes a log may unfold to: 2 GiB."""

STEEPEST = 400
"""How many times its packed size a log may unfold to. Real logs fold 5 to 60 times; gzip can reach about 1,000."""

SMALL = 64 * 1024**2
"""Below this many bytes nobody minds."""


class Unfolding(io.RawIOBase):
    """A file, unpacked as it is read; raises `LogError` once it has grown too large."""

    def __init__(self, path: Path, largest: int = LARGEST) -> None:
        self._name, self._largest, self._read = path.name, largest, 0
        self._packed_size = path.stat().st_size
        with path.open("rb") as file:
            self.packed = file.read(2) == b"\x1f\x8b"
        self._file: IO[bytes] = gzip.GzipFile(path) if self.packed else path.open("rb")  # type: ignore[assignment]

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        try:
            data = self._file.read(len(view))
        except (OSError, EOFError, ZlibError) as error:
            raise LogError(f"“{self._name}” cannot be unpacked: {error}.") from error
        self._read += len(data)
        steep = self.packed and self._read > max(SMALL, STEEPEST * self._packed_size)
        if self._read > self._largest or steep:
            raise LogError(
                f"“{self._name}” unfolds to more than {self._read // 1024**2:,} MB from {self._packed_size:,} bytes. "
                "That is more than a log is allowed; split it into parts, by year for example."
            )
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


def opened(path: Path, largest: int = LARGEST) -> io.BufferedReader:
    """The file at `path`, unpacked as it is read."""
    return io.BufferedReader(Unfolding(path, largest), 1 << 20)
