"""Our scripts, styles and icons under /static: served from the source tree or from the installed package."""

import hashlib
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_INSTALLED = Path(__file__).parent / "_assets"
FOLDER = _INSTALLED if _INSTALLED.is_dir() else Path(__file__).parents[1] / "assets"


FOREVER = "private, max-age=31536000, immutable"


def _version() -> str:
    """The name of what all files hold together: another one as soon as any of them changes."""
    told = hashlib.sha256()
    for file in sorted(path for path in FOLDER.rglob("*") if path.is_file()):
        told.update(file.relative_to(FOLDER).as_posix().encode() + file.read_bytes())
    return f"v.{told.hexdigest()[:10]}"


VERSION = _version()


def address(name: str) -> str:
    """Where a browser finds this version of an asset, and may keep it for good.

    What a script imports from there by a relative address is of the same version.
    """
    return f"/static/{VERSION}/{name}"


class Assets(StaticFiles):
    """Files below their version's name are kept for good; others the browser asks about each time.

    Gradio asks for a few files of its own under the same address, and plotly.min.js is Plotly's own: these
    are found after ours.
    """

    def __init__(self) -> None:
        super().__init__(
            directory=FOLDER, packages=[("gradio", "templates/frontend/static"), ("plotly", "package_data")]
        )

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, with the header that says how long it holds."""
        first, *rest = Path(path).parts
        pinned = first.startswith("v.") and rest
        response = await super().get_response(str(Path(*rest)) if pinned else path, scope)
        response.headers["cache-control"] = FOREVER if first == VERSION else "no-cache"
        return response


def read(name: str) -> str:
    """The text of one asset, for what Gradio wants as a string."""
    return (FOLDER / name).read_text(encoding="utf-8")
