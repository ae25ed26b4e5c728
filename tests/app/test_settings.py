"""Settings come from flags, then the environment, then defaults, and only this machine is served."""

from pathlib import Path

import pytest

from app.settings import load
from spotting.errors import BadConfig


def test_flags_win_over_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RESPOT_DATA", str(tmp_path / "environment"))
    monkeypatch.setenv("RESPOT_PORT", "8001")
    chosen = load(data=tmp_path / "flag", port=None)
    assert chosen.data == tmp_path / "flag"
    assert chosen.port == 8001


def test_everything_lies_in_the_data_folder(tmp_path: Path) -> None:
    chosen = load(data=tmp_path)
    assert Path(chosen.database_location).parent == tmp_path
    assert {chosen.videos.parent, chosen.runs.parent, chosen.strips.parent} == {tmp_path}


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "example.org", "::"])
def test_where_others_can_connect_people_log_in(host: str) -> None:
    assert load(host=host, login=False).needs_login


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.2"])
def test_on_this_machine_alone_a_login_is_a_choice(host: str) -> None:
    assert not load(host=host).needs_login
    assert load(host=host, login=True).needs_login


def test_a_bad_port_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESPOT_PORT", "no")
    with pytest.raises(BadConfig, match="RESPOT_PORT"):
        load()
