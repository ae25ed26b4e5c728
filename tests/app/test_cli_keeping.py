"""The commands that keep the database safe: backup, restore, check."""

from pathlib import Path

from typer.testing import CliRunner, Result

from app.actions import shifts
from app.cli import cli
from app.workspace import Workspace


def respot(work: Workspace, *arguments: object) -> Result:
    told = [str(argument) for argument in (*arguments, "--data", work.settings.data)]
    return CliRunner().invoke(cli, told)


def test_a_database_is_backed_up_and_put_back(filled: Workspace) -> None:
    assert respot(filled, "backup").exit_code == 0
    (copy,) = (filled.settings.data / "backups").iterdir()
    shifts.shift(filled, 1, 2, annotator="anna", key="a")
    restored = respot(filled, "restore", copy)
    assert restored.exit_code == 0, restored.output
    assert "what was there is in" in restored.output
    assert shifts.look(filled, 1)["frames"] == 0


def test_a_check_says_what_does_not_hold_together(filled: Workspace) -> None:
    healthy = respot(filled, "check")
    assert (healthy.exit_code, healthy.output) == (0, "everything holds together\n")
    (filled.settings.videos / "stray").mkdir(parents=True)
    broken = respot(filled, "check")
    assert broken.exit_code == 1
    assert "stray: no dataset uses this video index" in broken.output


def test_a_backup_never_replaces_a_file(filled: Workspace, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    assert "exists already" in str(respot(filled, "backup", tmp_path / "mine").exception)
    assert (tmp_path / "mine").read_text() == "mine"
