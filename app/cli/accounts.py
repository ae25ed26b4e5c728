"""Commands for accounts: who may log in, and the tokens of their scripts."""

import sys
from typing import Annotated

import typer

from app.cli.serving import Data

Name = Annotated[str, typer.Argument(help="The account; its decisions carry this name.")]
Password = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]
RoleOption = Annotated[str, typer.Option(help="viewer, annotator or lead.")]


def register(cli: typer.Typer) -> None:
    """Add this group's commands."""
    group = typer.Typer(help="Accounts of people who log in, and the tokens of their scripts.")
    for name, command in {
        "add": add,
        "list": show,
        "change": change,
        "token": token,
        "tokens": tokens,
        "revoke": revoke,
    }.items():
        group.command(name)(command)
    cli.add_typer(group, name="account")


def add(name: Name, role: RoleOption = "annotator", stdin: Password = False, data: Data = None) -> None:
    """Make an account; asks for its password."""
    from app import settings
    from app.actions import accounts
    from app.workspace import opened

    password = _password(stdin)
    with opened(settings.load(data=data)) as work:
        made = accounts.add(work, name, role, password)  # pyright: ignore[reportArgumentType]
        print(f"{made.name} may log in as {made.role}")


def show(data: Data = None) -> None:
    """Say which accounts there are."""
    from app import settings
    from app.actions import accounts
    from app.workspace import opened

    with opened(settings.load(data=data)) as work:
        known = accounts.listed(work)
        for account in known:
            print(f"{account.name:<24} {account.role:<10} {'disabled' if account.disabled else ''}".rstrip())
        if not known:
            print("there are no accounts; whoever uses this machine may do everything")


def change(
    name: Name,
    role: Annotated[str | None, typer.Option(help="viewer, annotator or lead.")] = None,
    password: Annotated[bool, typer.Option("--password", help="Ask for a new password.")] = False,
    stdin: Password = False,
    disabled: Annotated[bool | None, typer.Option("--disable/--enable", help="May log in or not.")] = None,
    data: Data = None,
) -> None:
    """Change an account's role or password, or shut it; its decisions stay."""
    from app import settings
    from app.actions import accounts
    from app.workspace import opened

    new = _password(stdin) if password or stdin else None
    with opened(settings.load(data=data)) as work:
        changed = accounts.change(
            work,
            name,
            role=role,  # pyright: ignore[reportArgumentType]
            password=new,
            disabled=disabled,
        )
        print(f"{changed.name}: {changed.role}{', disabled' if changed.disabled else ''}")


def token(
    name: Name,
    title: Annotated[str, typer.Option(help="What it is for.")] = "script",
    days: Annotated[int | None, typer.Option(min=1, help="How long it lasts (else until revoked).")] = None,
    data: Data = None,
) -> None:
    """Print a new token for an account's scripts; it is shown this once."""
    from app import settings
    from app.actions import accounts
    from app.workspace import opened

    with opened(settings.load(data=data)) as work:
        print(accounts.issue_token(work, name, title, days)["secret"])


def tokens(name: Name, data: Data = None) -> None:
    """Say which tokens an account has."""
    from app import settings
    from app.actions import accounts
    from app.workspace import opened

    with opened(settings.load(data=data)) as work:
        for key in accounts.tokens(work, name):
            until = f"until {key['expires_at']:%Y-%m-%d}" if key["expires_at"] else "until revoked"
            print(f"{key['id']:>4}  {key['title']}, made {key['created_at']:%Y-%m-%d}, {until}")


def revoke(
    name: Name, number: Annotated[int, typer.Argument(help="As `tokens` shows it.")], data: Data = None
) -> None:
    """End one of an account's tokens."""
    from app import settings
    from app.actions import accounts
    from app.workspace import opened

    with opened(settings.load(data=data)) as work:
        accounts.revoke_token(work, name, number)
        print(f"token {number} opens nothing any more")


def _password(stdin: bool) -> str:
    if stdin:
        return sys.stdin.readline().rstrip("\n")
    return typer.prompt("Password", hide_input=True, confirmation_prompt=True)
