"""What an account may do: a viewer looks, an annotator decides too, a lead does everything."""

from collections.abc import Callable

from fastapi import Request

from spotting.errors import UserError
from storage.records import AccountRecord, Role

READS = frozenset({"GET", "HEAD", "OPTIONS"})


class NotAllowed(UserError):
    """The account's role does not allow this."""


class TooManyTries(UserError):
    """Too many wrong passwords for one name; it says how long to wait."""


def account_of(request: Request) -> AccountRecord | None:
    """The account behind a request; None where this server asks for no login."""
    return getattr(request.state, "account", None)


def require(account: AccountRecord | None, role: Role) -> None:
    """Raise `NotAllowed` where login is on and the account has fewer rights than `role`."""
    if account is not None and not account.may(role):
        raise NotAllowed(f"{account.name} is {account.role}: this needs the role {role}")


def author(request: Request, named: str) -> str:
    """Whose decision it is: the account's that sent it; where there is no login, the name it gives."""
    account = account_of(request)
    return account.name if account else named


def writes_need(role: Role) -> Callable[[Request], None]:
    """A route's dependency: anybody who is logged in may read, `role` is needed to change something."""

    def check(request: Request) -> None:
        if request.method not in READS:
            require(account_of(request), role)

    return check
