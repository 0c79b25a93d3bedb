"""Where movement data lies and who reads it: Parquet, read by DuckDB on this machine or by Spark on many.

A session is an Ibis backend set up alike on both: UTC, and on DuckDB bounded memory with a place to spill to. Engines get
tables from it and know no connection.

>>> with session() as backend:
...     backend.name
'duckdb'
"""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

BACKENDS = ("duckdb", "spark")


@contextmanager
def session(
    backend: str = "duckdb", *, memory: str | None = None, threads: int | None = None, spill: Path | None = None
) -> Iterator[Any]:
    """An Ibis backend that ends with the block. `memory`: DuckDB's limit, as “12GB”; it spills to `spill` beyond."""
    if backend == "spark":
        yield from _spark(threads)
        return
    if backend != "duckdb":
        raise ValueError(f"There is no backend “{backend}”; choose {' or '.join(BACKENDS)}.")
    import ibis

    folder = Path(tempfile.mkdtemp(prefix="folkmoot-spill-", dir=spill))
    options: dict[str, Any] = {"temp_directory": str(folder), "preserve_insertion_order": False}
    if memory:
        options["memory_limit"] = memory
    if threads:
        options["threads"] = threads
    opened = ibis.duckdb.connect(**options)
    try:
        # DuckDB takes the machine's zone otherwise, and shows every instant in it.
        opened.raw_sql("SET TimeZone = 'UTC'")
        yield opened
    finally:
        opened.disconnect()
        shutil.rmtree(folder, ignore_errors=True)


def _spark(threads: int | None) -> Iterator[Any]:
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise ValueError(
            "Spark is not installed. Install the extra with `pip install 'folkmoot[spark]'`, or leave --backend away."
        ) from None
    if shutil.which("java") is None:
        raise ValueError("Spark needs Java 17, and there is no `java` here. Install openjdk-17-jre-headless.")
    import ibis

    folder = tempfile.mkdtemp(prefix="folkmoot-spark-")
    built: Any = (
        SparkSession.builder.master(f"local[{threads or '*'}]")
        .appName("folkmoot")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.sql.warehouse.dir", folder)
        .config("spark.local.dir", folder)
        .getOrCreate()
    )
    try:
        built.sparkContext.setLogLevel("ERROR")
        logging.getLogger("py4j").setLevel(logging.WARNING)  # it speaks of closing when everything is closed
        yield ibis.pyspark.connect(built)
    finally:
        built.stop()
        shutil.rmtree(folder, ignore_errors=True)


def keeper(backend: Any, folder: Path) -> Callable[[Any, str], Any]:
    """A function of (expression, name) that writes what an expression gives to Parquet and returns the table of it.

    What was written under the same name is replaced when the new one is whole.
    """
    folder.mkdir(parents=True, exist_ok=True)

    def keep(expression: Any, name: str) -> Any:
        part, whole = folder / f"{name}.part.parquet", folder / f"{name}.parquet"
        _gone(part)
        expression.to_parquet(str(part))
        _gone(whole)
        part.replace(whole)
        return parquet(backend, whole)

    return keep


def _gone(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def parquet(backend: Any, path: Path | str | Sequence[Path]) -> Any:
    """A Parquet file, a folder of them, or several files, as a table of the backend."""
    paths = [Path(each) for each in path] if isinstance(path, list | tuple) else [Path(str(path))]
    for each in paths:
        if not each.exists():
            raise ValueError(f"There is no file “{each}”. Check the path.")
    files = [file for each in paths for file in (sorted(each.rglob("*.parquet")) if each.is_dir() else [each])]
    if not files:
        raise ValueError(f"“{paths[0]}” is a folder without Parquet files.")
    from pyarrow.lib import ArrowInvalid
    from pyarrow.parquet import read_schema

    for file in files:
        try:
            read_schema(file)
        except ArrowInvalid:
            raise ValueError(
                f"“{file.name}” is not a Parquet file, or was cut short. Write it again, or convert CSV first."
            ) from None
    names = [str(file) for file in files]
    return backend.read_parquet(names) if backend.name == "duckdb" else _of_spark(backend, names)


def _of_spark(backend: Any, files: list[str]) -> Any:
    """Ibis takes one path here, and Spark many."""
    from pyspark.sql import SparkSession

    name = f"events_{uuid4().hex}"
    SparkSession.active().read.parquet(*files).createOrReplaceTempView(name)
    return backend.table(name)
