"""The README names every command and setting, and nothing that does not exist."""

import re
from pathlib import Path

import typer
from typer.core import TyperGroup

from app.cli import cli
from app.settings import Settings
from storage.formats.table import FORMATS, Format

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
COMMANDS = typer.main.get_command(cli).commands  # pyright: ignore[reportAttributeAccessIssue]
OTHER_FLAGS = {"--group", "--no-sync"}  # pip's and uv's


def test_every_command_is_in_the_readme() -> None:
    missing = [name for name in COMMANDS if not re.search(rf"`(respot )?{name}\b", README)]
    assert missing == []


def test_the_readme_calls_no_command_that_is_not_there() -> None:
    called = set(re.findall(r"\brespot ([a-z][a-z-]+)", README))
    prose = {"uses", "says", "looks"}
    assert called - set(COMMANDS) - prose == set()


def test_every_flag_in_the_readme_exists() -> None:
    groups = [command for command in COMMANDS.values() if isinstance(command, TyperGroup)]
    subcommands = [command for group in groups for command in group.commands.values()]
    known = {
        option
        for command in (*COMMANDS.values(), *subcommands)
        for parameter in command.params
        for option in (*parameter.opts, *parameter.secondary_opts)
    }
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", README)) - known - OTHER_FLAGS == set()


def test_every_setting_is_in_the_readme() -> None:
    assert [name for name in Settings.model_fields if f"RESPOT_{name.upper()}" not in README] == []


def test_the_table_of_label_formats_is_the_one_the_program_has() -> None:
    rows = [_format_row(format) for format in FORMATS]
    head = ["| name | label format | in, out | time rules | cannot carry |", "|---|---|---|---|---|"]
    table = "\n".join(head + rows)
    assert table in README, f"the README's table of label formats should be\n{table}"


def _format_row(format: Format) -> str:
    ways = ", ".join(way for way, does in (("in", format.read), ("out", format.write)) if does)
    files = f"{format.title}: {', '.join(format.extensions)}{', one per clip' if format.many else ''}"
    rules, lacking = ", ".join(format.rules), ", ".join(format.carries.words())
    return f"| `{format.name}` | {files} | {ways} | {rules or '-'} | {lacking or '-'} |"
