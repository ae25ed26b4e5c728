"""Accounts and their keys as stored; no secret is in them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

Role = Literal["viewer", "annotator", "lead"]
KeyKind = Literal["session", "token"]
ROLES: tuple[Role, ...] = get_args(Role)
"""From the fewest rights to the most: a viewer looks, an annotator decides too, a lead does everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRecord:
    """An account. A disabled one opens nothing."""

    name: str
    role: Role
    disabled: bool
    created_at: datetime

    def may(self, role: Role) -> bool:
        """Whether this account has at least the rights of `role`."""
        return not self.disabled and ROLES.index(self.role) >= ROLES.index(role)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRecord:
    """A key that has neither expired nor been revoked."""

    id: int
    kind: KeyKind
    title: str
    created_at: datetime
    expires_at: datetime | None
