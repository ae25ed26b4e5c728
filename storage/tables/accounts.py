"""Who may use this server: accounts, and the keys (of a browser's session or a script) that open them."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import NEVER_REUSE, Table, key, parent


class Account(Table):
    """`name` is the annotator of its decisions. Never deleted, since decisions name it: disabled."""

    __tablename__ = "accounts"
    __table_args__ = (NEVER_REUSE,)
    id: Mapped[int] = key()
    name: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    password: Mapped[str]
    disabled: Mapped[bool]
    created_at: Mapped[datetime]


class AccessKey(Table):
    """A secret that stands for an account; only its SHA-256 is kept. Without `expires_at` until revoked."""

    __tablename__ = "access_keys"
    __table_args__ = (NEVER_REUSE,)
    id: Mapped[int] = key()
    account_id: Mapped[int] = parent("accounts.id")
    kind: Mapped[str]
    title: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
