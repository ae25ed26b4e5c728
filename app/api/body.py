"""What routes take and give."""

from typing import Any

from pydantic import BaseModel, ConfigDict

Json = dict[str, Any]


class Body(BaseModel):
    """A request's body: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid")
