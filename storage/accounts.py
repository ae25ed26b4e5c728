"""Accounts with roles, and the keys that open them; passwords and keys come in as digests only."""

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from spotting.errors import BadConfig, Conflict, NotFound
from storage.records import AccountRecord, KeyKind, KeyRecord, Role
from storage.records.accounts import ROLES
from storage.tables import AccessKey, Account

LONGEST_NAME = 100  # an annotator's name in a decision


def add(session: Session, name: str, role: Role, password: str) -> AccountRecord:
    """A new account; `password` is a digest. Raises `Conflict` for a taken name, `BadConfig` for a bad."""
    if not name.strip() or name != name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise BadConfig(f"an account's name is 1 to {LONGEST_NAME} printable characters, not {name!r}")
    _check_role(role)
    if session.scalar(sa.select(Account.id).where(Account.name == name)) is not None:
        raise Conflict(f"there is an account {name} already")
    now = datetime.now(UTC)
    account = Account(name=name, role=role, password=password, disabled=False, created_at=now)
    session.add(account)
    session.flush()
    return _record(account)


def listed(session: Session) -> list[AccountRecord]:
    """All accounts by name, disabled ones too."""
    return [_record(account) for account in session.scalars(sa.select(Account).order_by(Account.name))]


def change(
    session: Session,
    name: str,
    *,
    role: Role | None = None,
    password: str | None = None,
    disabled: bool | None = None,
) -> AccountRecord:
    """Change what is given; a new password ends the account's sessions.

    Raises `NotFound`, and `Conflict` where no lead who can log in would be left.
    """
    account = _account(session, name)
    if role is not None:
        _check_role(role)
        account.role = role
    if disabled is not None:
        account.disabled = disabled
    if password is not None:
        account.password = password
        _end(session, AccessKey.account_id == account.id, AccessKey.kind == "session")
    session.flush()
    if not has_lead(session):
        raise Conflict(f"{name} is the only lead who can log in; make another one first")
    return _record(account)


def has_lead(session: Session) -> bool:
    """Whether somebody can log in who may do everything."""
    leads = sa.select(Account.id).where(Account.role == "lead", Account.disabled.is_(False))
    return session.scalar(leads.limit(1)) is not None


def password_of(session: Session, name: str) -> str | None:
    """The digest of an account's password; None for an unknown or disabled account."""
    known = sa.select(Account.password).where(Account.name == name, Account.disabled.is_(False))
    return session.scalar(known)


def add_key(
    session: Session, name: str, kind: KeyKind, digest: str, *, title: str, expires_at: datetime | None
) -> KeyRecord:
    """A key for an account, from now to `expires_at`. Raises `NotFound` for an unknown account."""
    account = _account(session, name)
    row = AccessKey(
        account_id=account.id,
        kind=kind,
        title=title,
        digest=digest,
        created_at=datetime.now(UTC),
        expires_at=expires_at,
    )
    session.add(row)
    session.flush()
    return _key_record(row)


def opened_by(session: Session, digest: str) -> AccountRecord | None:
    """The account that a key opens now: None if it is unknown, expired, revoked, or the account disabled."""
    account = session.scalar(
        sa.select(Account)
        .join(AccessKey)
        .where(AccessKey.digest == digest, _alive(), Account.disabled.is_(False))
    )
    return None if account is None else _record(account)


def keys(session: Session, name: str) -> list[KeyRecord]:
    """The account's living tokens, oldest first. Raises `NotFound`."""
    account = _account(session, name)
    mine = (AccessKey.account_id == account.id, AccessKey.kind == "token", _alive())
    return [
        _key_record(row) for row in session.scalars(sa.select(AccessKey).where(*mine).order_by(AccessKey.id))
    ]


def revoke(session: Session, name: str, key_id: int) -> None:
    """End one of the account's tokens. Raises `NotFound` where it has none with this id."""
    if key_id not in [key.id for key in keys(session, name)]:
        raise NotFound(f"{name} has no token {key_id}")
    _end(session, AccessKey.id == key_id)


def end(session: Session, digest: str) -> None:
    """End the key with this digest, if there is one."""
    _end(session, AccessKey.digest == digest)


def _end(session: Session, *which: sa.ColumnElement[bool]) -> None:
    session.execute(sa.update(AccessKey).where(*which).values(revoked_at=datetime.now(UTC)))


def _alive() -> sa.ColumnElement[bool]:
    fresh = sa.or_(AccessKey.expires_at.is_(None), AccessKey.expires_at > datetime.now(UTC))
    return sa.and_(AccessKey.revoked_at.is_(None), fresh)


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise BadConfig(f"role {role} is none of {', '.join(ROLES)}")


def _account(session: Session, name: str) -> Account:
    account = session.scalar(sa.select(Account).where(Account.name == name))
    if account is None:
        raise NotFound(f"there is no account {name}")
    return account


def _record(account: Account) -> AccountRecord:
    return AccountRecord(
        name=account.name,
        role=account.role,  # pyright: ignore[reportArgumentType]
        disabled=account.disabled,
        created_at=account.created_at,
    )


def _key_record(row: AccessKey) -> KeyRecord:
    return KeyRecord(
        id=row.id,
        kind=row.kind,  # pyright: ignore[reportArgumentType]
        title=row.title,
        created_at=row.created_at,
        expires_at=row.expires_at,
    )
