"""Accounts: who may log in, with what password, and the keys that stand for them."""

import hashlib
import secrets
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from app.workspace import Workspace
from spotting.errors import BadConfig
from storage import accounts
from storage.records import AccountRecord, Role

Json = dict[str, Any]
SHORTEST_PASSWORD = 10
SESSION = timedelta(hours=12)

_hasher = PasswordHasher()
_NOBODYS = _hasher.hash(secrets.token_hex())
"""Checked where there is no such account: an answer takes the same time whether a name exists or not."""


class WrongPassword(BadConfig):
    """No account has this name and password."""


def add(work: Workspace, name: str, role: Role, password: str) -> AccountRecord:
    """A new account. Raises `Conflict` for a taken name, `BadConfig` for a bad name, role or password."""
    digest = _digest(password)
    with work.database.writing() as session:
        return accounts.add(session, name, role, digest)


def change(
    work: Workspace,
    name: str,
    *,
    role: Role | None = None,
    password: str | None = None,
    disabled: bool | None = None,
) -> AccountRecord:
    """Change what is given. Raises `NotFound`, `BadConfig`, and `Conflict` where no lead would be left."""
    digest = None if password is None else _digest(password)
    with work.database.writing() as session:
        return accounts.change(session, name, role=role, password=digest, disabled=disabled)


def listed(work: Workspace) -> list[AccountRecord]:
    """All accounts by name."""
    with work.database.reading() as session:
        return accounts.listed(session)


def check_ready(work: Workspace) -> None:
    """Raise `BadConfig` where login is asked for and no lead could log in."""
    if not work.settings.needs_login:
        return
    with work.database.reading() as session:
        if not accounts.has_lead(session):
            raise BadConfig(
                f"{work.settings.host} asks people to log in, and no lead can: first run "
                "`respot account add NAME --role lead`"
            )


def log_in(work: Workspace, name: str, password: str) -> tuple[str, datetime]:
    """The secret of a new session and when it ends. Raises `WrongPassword`."""
    with work.database.reading() as session:
        digest = accounts.password_of(session, name)
    try:
        _hasher.verify(digest or _NOBODYS, password)
    except VerifyMismatchError:
        raise WrongPassword("no account has this name and password") from None
    if digest is None:
        raise WrongPassword("no account has this name and password")
    expires_at = datetime.now(UTC) + SESSION
    return _new_key(work, name, "session", "browser", expires_at)[0], expires_at


def log_out(work: Workspace, secret: str) -> None:
    """End the session of this secret, if it is one."""
    with work.database.writing() as session:
        accounts.end(session, key_digest(secret))


def whose(work: Workspace, secret: str) -> AccountRecord | None:
    """The account that a session's or token's secret opens now."""
    with work.database.reading() as session:
        return accounts.opened_by(session, key_digest(secret))


def issue_token(work: Workspace, name: str, title: str, days: int | None) -> Json:
    """A token for scripts; its `secret` is told this once. Raises `NotFound` for an unknown account."""
    expires_at = None if days is None else datetime.now(UTC) + timedelta(days=days)
    secret, told = _new_key(work, name, "token", title, expires_at)
    return told | {"secret": secret}


def tokens(work: Workspace, name: str) -> list[Json]:
    """The account's living tokens, without their secrets. Raises `NotFound`."""
    with work.database.reading() as session:
        return [asdict(key) for key in accounts.keys(session, name)]


def revoke_token(work: Workspace, name: str, key_id: int) -> None:
    """End a token. Raises `NotFound` where the account has none with this number."""
    with work.database.writing() as session:
        accounts.revoke(session, name, key_id)


def key_digest(secret: str) -> str:
    """What is stored of a secret. It is random and 256 bits long, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _new_key(
    work: Workspace, name: str, kind: Any, title: str, expires_at: datetime | None
) -> tuple[str, Json]:
    secret = secrets.token_urlsafe(32)
    with work.database.writing() as session:
        key = accounts.add_key(session, name, kind, key_digest(secret), title=title, expires_at=expires_at)
    return secret, asdict(key)


def _digest(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise BadConfig(f"a password has at least {SHORTEST_PASSWORD} characters")
    return _hasher.hash(password)
