"""The name of a clip, from the name of its media file as label files give it."""

import re
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from storage.formats.labelfile import Json

_VIDEO = re.compile(
    r"\.(3gp|avi|flv|m2ts|m4v|mkv|mov|mp4|mpeg|mpg|mts|ogv|ts|webm|wmv)$", re.ASCII | re.IGNORECASE
)
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


def media_name(location: Json) -> str | None:
    """The clip that a location names, without the suffix of a video.

    Folders of a relative path are part of the name; those of an absolute path or a URL are not: `train/one`
    for train/one.mp4, and `one` for file:///media/train/one.mp4 and C:\\train\\one.mp4. None for no name.
    """
    if not isinstance(location, str):
        return None
    path = location
    if "://" in path:
        try:
            path = PurePosixPath(unquote(urlsplit(path).path)).name
        except ValueError:
            return None
    elif _DRIVE.match(path):
        path = path.replace("\\", "/").rpartition("/")[2]
    elif path.startswith("/"):
        path = path.rpartition("/")[2]
    return _VIDEO.sub("", path.removeprefix("./")) or None
