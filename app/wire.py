"""What routes take and give."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Json = dict[str, Any]
Int64 = Annotated[int, Field(ge=-(2**63), lt=2**63)]
"""A whole number that every database holds."""


class Body(BaseModel):
    """A request's body: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid")
