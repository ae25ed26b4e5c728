"""Our scripts, styles and icons under /static: served from the source tree or from the installed package."""

from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_INSTALLED = Path(__file__).parent / "_assets"
FOLDER = _INSTALLED if _INSTALLED.is_dir() else Path(__file__).parents[1] / "assets"


class Assets(StaticFiles):
    """Files that a browser keeps but asks about each time, so that a new version is seen at once.

    Gradio asks for a few files of its own under the same address, and plotly.min.js is Plotly's own: these
    are found after ours.
    """

    def __init__(self) -> None:
        super().__init__(
            directory=FOLDER, packages=[("gradio", "templates/frontend/static"), ("plotly", "package_data")]
        )

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, with the header that makes browsers ask again."""
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "no-cache"
        return response


def read(name: str) -> str:
    """The text of one asset, for what Gradio wants as a string."""
    return (FOLDER / name).read_text(encoding="utf-8")
