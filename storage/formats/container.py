"""Label files by ones and by many: a file, a folder of files, or a zip of them, each gzipped or not."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from spotting.errors import BadLabels
from storage.formats.outgoing import Part
from storage.formats.strict_json import LARGEST_FILE, read_bytes


def members(path: Path, extensions: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of the label files at `path`: itself, or those with `extensions` in a folder or zip.

    Names are relative to the folder or zip; what is gzipped (.gz) comes unpacked, its name without that.
    Raises `BadLabels` for none, for a damaged zip or gzip, and where a gzip unpacked or the files of a zip
    together are larger than `LARGEST_FILE`.
    """
    if path.is_dir():
        files = _in_folder(path, extensions)
    elif path.suffix.lower() == ".zip":
        files = _in_zip(path, extensions)
    else:
        files = iter([(path.name, read_bytes(path))])
    return (_unpacked(name, data) if name.lower().endswith(".gz") else (name, data) for name, data in files)


def _unpacked(name: str, data: bytes) -> tuple[str, bytes]:
    try:
        with gzip.open(io.BytesIO(data)) as file:
            text = file.read(LARGEST_FILE + 1)
    except (zlib.error, EOFError, OSError) as error:
        raise BadLabels(f"{name}: not a gzip that can be read ({error})") from error
    if len(text) > LARGEST_FILE:
        raise BadLabels(f"{name}: unpacked over {LARGEST_FILE >> 20} MiB: split the file")
    return name[:-3], text


def _in_folder(path: Path, extensions: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    files = sorted(file for file in path.rglob("*") if file.is_file() and _fits(file.name, extensions))
    if not files:
        raise BadLabels(f"{path}: no {' or '.join(extensions)} file in this folder")
    for file in files:
        yield file.relative_to(path).as_posix(), read_bytes(file)


def _fits(name: str, extensions: tuple[str, ...]) -> bool:
    return name.lower().endswith(extensions) and not name.startswith(".")


def _in_zip(path: Path, extensions: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(path) as archive:
            fitting = [item for item in archive.infolist() if _fits(Path(item.filename).name, extensions)]
            left = LARGEST_FILE
            for item in fitting:
                with archive.open(item) as file:
                    data = file.read(left + 1)
                left -= len(data)
                if left < 0:
                    raise BadLabels(f"{path.name}: unpacked over {LARGEST_FILE >> 20} MiB: split the zip")
                yield item.filename, data
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise BadLabels(f"{path.name}: not a zip that can be read ({error})") from error
    if not fitting:
        raise BadLabels(f"{path.name}: no {' or '.join(extensions)} file in this zip")


def pack(parts: Iterable[Part], file: IO[bytes], *, many: bool) -> None:
    """Write the parts piece by piece: as a zip where they are `many`, else the only one."""
    if not many:
        for part in parts:
            file.writelines(map(_bytes, part.text))
        return
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:
            item = zipfile.ZipInfo(part.name, (1980, 1, 1, 0, 0, 0))
            item.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(item, "w", force_zip64=True) as member:
                member.writelines(map(_bytes, part.text))


def _bytes(piece: str | bytes) -> bytes:
    return piece.encode() if isinstance(piece, str) else piece
