"""Events as batches of Arrow, from Parquet, from text or from tables, with the columns that are asked for and no more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from folkmoot.engines.mobility.errors import MobilityError
from folkmoot.engines.mobility.schema import EVENT

ROWS = 1 << 19
"""Rows of a batch: few enough to stay near the processor, enough that a batch's own cost is nothing."""


@dataclass(frozen=True)
class Events:
    """Where events lie. `rows` counts them before anything is passed over."""

    rows: int
    schema: Any
    _tables: tuple[Any, ...]
    what: str

    def batches(self, wanted: Sequence[str]) -> Iterator[Any]:
        """Record batches of the wanted columns under the contract's names, rows with a null passed over."""
        import pyarrow as pa
        import pyarrow.compute as pc

        names = self._names(wanted)
        for table in self._tables:
            for batch in _parts(table, [names[name] for name in wanted]):
                if any(column.null_count for column in batch.columns):
                    batch = pa.RecordBatch.from_arrays(batch.columns, names=list(wanted))
                    whole = pc.is_valid(batch.column(0))
                    for column in batch.columns[1:]:
                        whole = pc.and_(whole, pc.is_valid(column))
                    batch = batch.filter(whole)
                yield batch.columns

    @property
    def columns(self) -> tuple[str, ...]:
        """Names as they are in the data."""
        return tuple(self.schema.names)

    def kind(self, name: str) -> Any:
        """The Arrow type of a column by the contract's name; dictionaries are what they hold."""
        import pyarrow as pa

        found = self.schema.field(self._names((name,))[name]).type
        return found.value_type if pa.types.is_dictionary(found) else found

    def _names(self, wanted: Sequence[str]) -> dict[str, str]:
        renames = EVENT.renames(self.columns)
        names = {name: renames.get(name, name) for name in wanted}
        if gone := [name for name in wanted if names[name] not in self.columns]:
            raise MobilityError(
                f"“{self.what}” has no column {', '.join(gone)}, which is needed here; it has {', '.join(self.columns)}. "
                "Rename or add the columns, or choose the other mode."
            )
        return names


def of_table(table: Any, *, what: str = "the table") -> Events:
    """Events in memory."""
    return Events(table.num_rows, table.schema, (table,), what)


def of_batches(reader: Any, rows: int, *, what: str = "the events") -> Events:
    """Events that come batch by batch from a `pyarrow.RecordBatchReader`, once; `rows`: about how many there are."""
    return Events(rows, reader.schema, (reader,), what)


def of_parquet(files: Sequence[Path]) -> Events:
    """Events in Parquet files of one schema, read a batch at a time."""
    from pyarrow.parquet import ParquetFile

    rows = 0
    schema: Any = None
    for file in files:
        with ParquetFile(file) as opened:
            rows += opened.metadata.num_rows
            mine = opened.schema_arrow
        if schema is not None and set(mine.names) != set(schema.names):
            raise MobilityError(
                f"“{file.name}” has the columns {', '.join(mine.names)}, and the files before it "
                f"{', '.join(schema.names)}. Files that are read together must have the same columns."
            )
        schema = mine
    what = files[0].name if len(files) == 1 else f"{len(files)} files"
    return Events(rows, schema, tuple(files), what)


def _parts(table: Any, names: list[str]) -> Iterator[Any]:
    import pyarrow as pa

    if isinstance(table, pa.RecordBatchReader):
        yield from (batch.select(names) for batch in table)
        return
    if not isinstance(table, Path):
        yield from table.select(names).to_batches(max_chunksize=ROWS)
        return
    from pyarrow.parquet import ParquetFile

    kinds = ParquetFile(table).schema_arrow
    # Cells repeat, so they are read as the numbers that the file holds anyway; pseudonyms are numbered here.
    repeating = [n for n in names[1:] if pa.types.is_string(kinds.field(n).type) and "time" not in n]
    with ParquetFile(table, read_dictionary=repeating) as opened:
        yield from opened.iter_batches(batch_size=ROWS, columns=names)
