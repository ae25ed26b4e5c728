"""The `respot` command: its groups of subcommands, and the one place where errors become exit codes.

Nothing here may import gradio, torch, pandas or sqlalchemy at the top: `respot --help` is instant, and
every command imports what it needs when it runs.
"""

import sys

import typer

from app.cli import (
    accepting,
    accounts,
    bench,
    checking,
    data,
    keeping,
    people,
    serving,
    shifting,
    training,
    video,
)
from spotting.errors import Stopped, UserError

cli = typer.Typer(
    name="respot",
    help="Make event labels in video right to the frame.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for group in (
    accounts,
    serving,
    data,
    training,
    accepting,
    checking,
    shifting,
    people,
    keeping,
    video,
    bench,
):
    group.register(cli)


@cli.callback(invoke_without_command=True)
def _without_command(context: typer.Context, window: serving.Window = False) -> None:
    """Make event labels in video right to the frame. Alone, it starts the app and opens the browser."""
    if context.invoked_subcommand is None:
        serving.serve(window=window)


def main() -> None:
    """Run the command line. A `UserError` is said on stderr with exit code 2; a bug keeps its traceback."""
    try:
        cli()
    except UserError as error:
        print(f"respot: {error}", file=sys.stderr)
        sys.exit(2)
    except Stopped:
        print("respot: stopped; the work so far is kept", file=sys.stderr)
        sys.exit(130)
