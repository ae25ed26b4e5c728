"""Parquet of everything: labels, decisions, suggestions and where they come from, a file per table."""

import tempfile
from collections.abc import Iterator
from importlib import import_module
from itertools import islice
from typing import Any

from storage.formats.outgoing import Outgoing, Part
from storage.formats.sheet import Sheet

AT_ONCE = 5000
"""Rows in memory at a time, and in a row group."""
PIECE = 1 << 20


def write(out: Outgoing) -> Iterator[Part]:
    """One file per table."""
    for sheet in out.sheets:
        yield Part(name=f"{sheet.name}.parquet", text=_file(sheet))


def _file(sheet: Sheet) -> Iterator[bytes]:
    """The table as Parquet, by way of a temporary file."""
    arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    schema = _schema(arrow, sheet)
    with tempfile.TemporaryFile() as file:
        with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
            for rows in _batches(sheet):
                columns = [
                    arrow.array(column, field.type)
                    for column, field in zip(zip(*rows, strict=True), schema, strict=True)
                ]
                writer.write_batch(arrow.record_batch(columns, schema=schema))
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def _batches(sheet: Sheet) -> Iterator[list[Any]]:
    rows = iter(sheet.rows())
    while batch := list(islice(rows, AT_ONCE)):
        yield batch


def _schema(arrow: Any, sheet: Sheet) -> Any:
    types = {
        "whole": arrow.int64(),
        "real": arrow.float64(),
        "truth": arrow.bool_(),
        "text": arrow.string(),
        "moment": arrow.timestamp("us", tz="UTC"),
        "json": arrow.string(),
        "reals": arrow.list_(arrow.float32()),
    }
    return arrow.schema([(name, types[kind]) for name, kind in sheet.columns.items()])
