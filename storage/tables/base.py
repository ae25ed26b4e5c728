"""What every table is made of: names of constraints, times in UTC, ids that are never given out twice."""

from datetime import UTC, datetime
from typing import Any, ClassVar, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, MappedColumn, mapped_column

BigId = sa.BigInteger().with_variant(sa.Integer, "sqlite")
"""64-bit ids on PostgreSQL; SQLite counts a row id only in a column declared INTEGER."""


class Frozen(Protocol):
    """A dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


R = TypeVar("R", bound=Frozen)


class Moment(sa.types.TypeDecorator[datetime]):
    """A time in UTC: stored without a zone, given back with one."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Table(DeclarativeBase):
    """Base of all tables: constraint names by rule, so that a migration can name them."""

    def record(self, kind: type[R], **more: Any) -> R:
        """This row as a frozen `kind`, whose fields but for those in `more` are columns of the same name."""
        names = kind.__dataclass_fields__.keys() - more.keys()
        return kind(**more, **{name: getattr(self, name) for name in names})

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Moment,
        dict[str, Any]: sa.JSON(none_as_null=True),
        list[Any]: sa.JSON(none_as_null=True),
    }


NEVER_REUSE = {"sqlite_autoincrement": True}
"""Ids of deleted rows are not given out again: an old browser tab must not decide about a new label."""


def key() -> MappedColumn[int]:
    """A table's own id."""
    return mapped_column(BigId, primary_key=True)


def parent(column: str, index: bool = True) -> MappedColumn[Any]:
    """The id of a row that this one goes away with."""
    return mapped_column(BigId, ForeignKey(column, ondelete="CASCADE"), index=index)
