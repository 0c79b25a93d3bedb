"""Small numbers for devices, whatever their pseudonyms are: strings, bytes of any length, integers.

Sorting by sixteen bytes is dear; counting by a number is not.

>>> import pyarrow as pa
>>> devices = Numbers()
>>> devices.of(pa.array([b"ab", b"cd", b"ab"])).tolist(), devices.of(pa.array([b"ef", b"cd"])).tolist()
([0, 1, 0], [2, 1])
>>> devices.values.to_pylist()
[b'ab', b'cd', b'ef']
"""

from __future__ import annotations

from typing import Any

import numpy as np

from folkmoot.engines._compiled import COMPILED

SMALLEST = 1 << 12


class Numbers:
    """Numbers from 0 on, in the order of appearance."""

    def __init__(self) -> None:
        self._known = 0
        self._parts: list[Any] = []
        self._plain: dict[Any, int] = {}
        self._slots = np.zeros((2 * SMALLEST, 4), np.uint64)
        self._ends = np.empty(SMALLEST, np.int64)
        self._pool = np.empty(16 * SMALLEST, np.uint8)

    def __len__(self) -> int:
        return self._known

    @property
    def values(self) -> Any:
        """The pseudonyms in the order of their numbers, as an Arrow array of their own type."""
        import pyarrow as pa

        return pa.concat_arrays(self._parts) if self._parts else pa.array([], pa.string())

    def of(self, values: Any) -> Any:
        """The number of each value of an Arrow array without nulls (int32)."""
        import pyarrow as pa

        if pa.types.is_dictionary(values.type):
            return self.of(values.dictionary)[values.indices.to_numpy(zero_copy_only=False)]
        bytewise = any(
            check(values.type)
            for check in (
                pa.types.is_string,
                pa.types.is_binary,
                pa.types.is_large_string,
                pa.types.is_large_binary,
            )
        )
        if COMPILED and bytewise:
            return self._coded(values)
        return self._looked_up(values)

    def _looked_up(self, values: Any) -> Any:
        encoded = values.dictionary_encode()
        before = self._known
        there = encoded.dictionary.to_pylist()
        for value in there:
            self._plain.setdefault(value, len(self._plain))
        numbers = np.array([self._plain[value] for value in there], np.int32)
        self._known = len(self._plain)
        if self._known > before:
            self._parts.append(encoded.dictionary.filter(numbers >= before))
        return numbers[encoded.indices.to_numpy(zero_copy_only=False)]

    def _coded(self, values: Any) -> Any:
        import pyarrow as pa

        from folkmoot.engines.mobility.stays._coding import code

        data, offsets = _bytes_of(values)
        many = len(values)
        codes, done, new = np.empty(many, np.int32), 0, []
        while done < many:
            first, known = np.empty(len(self._ends), np.int64), self._known
            done, self._known, _ = code(data, offsets, done, known, self._slots, self._ends, self._pool, codes, first)
            new.append(first[known : self._known])
            if done < many:
                self._grow(int(offsets[done + 1] - offsets[done]))
        if sum(map(len, new)):
            self._parts.append(values.take(pa.array(np.concatenate(new))))
        return codes

    def _grow(self, longest: int) -> None:
        from folkmoot.engines.mobility.stays._coding import place

        self._ends = np.resize(self._ends, 2 * len(self._ends))
        self._pool = np.resize(self._pool, 2 * len(self._pool) + longest)
        old, self._slots = self._slots, np.zeros((2 * len(self._slots), 4), np.uint64)
        place(old, self._slots)


def _bytes_of(values: Any) -> tuple[Any, Any]:
    """All bytes, and where each value begins and the last one ends."""
    import pyarrow as pa

    wide = pa.types.is_large_string(values.type) or pa.types.is_large_binary(values.type)
    _, offsets, data = values.buffers()
    kind = np.int64 if wide else np.int32
    where = np.frombuffer(offsets, kind)[values.offset : values.offset + len(values) + 1]
    return np.frombuffer(data, np.uint8) if data is not None else np.empty(0, np.uint8), where
