from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from spotting.errors import BadConfig, Conflict, NotFound
from storage import accounts
from storage.records import AccountRecord, Role

LATER = datetime.now(UTC) + timedelta(hours=1)
BEFORE = datetime.now(UTC) - timedelta(seconds=1)


def add(session: Session, name: str, role: Role = "lead") -> AccountRecord:
    return accounts.add(session, name, role, f"digest of {name}'s password")


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("viewer", ["viewer"]),
        ("annotator", ["viewer", "annotator"]),
        ("lead", ["viewer", "annotator", "lead"]),
    ],
)
def test_a_role_has_the_rights_of_those_below_it(session: Session, role: Role, may: list[Role]):
    account = add(session, "anna", role)
    assert [asked for asked in ("viewer", "annotator", "lead") if account.may(asked)] == may


def test_a_key_opens_its_account_until_it_ends(session: Session):
    add(session, "anna")
    accounts.add_key(session, "anna", "session", "fresh", title="", expires_at=LATER)
    accounts.add_key(session, "anna", "session", "old", title="", expires_at=BEFORE)
    accounts.add_key(session, "anna", "token", "lasting", title="backup", expires_at=None)
    opened = [accounts.opened_by(session, digest) for digest in ("fresh", "old", "lasting", "never made")]
    assert [account and account.name for account in opened] == ["anna", None, "anna", None]
    accounts.end(session, "fresh")
    assert accounts.opened_by(session, "fresh") is None


def test_a_token_is_revoked_by_its_owner_alone(session: Session):
    add(session, "anna")
    add(session, "ben")
    key = accounts.add_key(session, "anna", "token", "secret", title="nightly", expires_at=None)
    with pytest.raises(NotFound, match="ben has no token"):
        accounts.revoke(session, "ben", key.id)
    assert [one.title for one in accounts.keys(session, "anna")] == ["nightly"]
    accounts.revoke(session, "anna", key.id)
    assert accounts.keys(session, "anna") == []
    assert accounts.opened_by(session, "secret") is None


def test_a_new_password_ends_the_sessions_and_leaves_the_tokens(session: Session):
    add(session, "anna")
    accounts.add_key(session, "anna", "session", "browser", title="", expires_at=LATER)
    accounts.add_key(session, "anna", "token", "script", title="", expires_at=None)
    accounts.change(session, "anna", password="digest of another")
    assert accounts.password_of(session, "anna") == "digest of another"
    assert accounts.opened_by(session, "browser") is None
    assert accounts.opened_by(session, "script") is not None


def test_a_disabled_account_opens_nothing(session: Session):
    add(session, "anna")
    add(session, "ben", "annotator")
    accounts.add_key(session, "ben", "token", "script", title="", expires_at=None)
    accounts.change(session, "ben", disabled=True)
    assert accounts.opened_by(session, "script") is None
    assert accounts.password_of(session, "ben") is None
    accounts.change(session, "ben", disabled=False)
    assert accounts.opened_by(session, "script") is not None


def test_somebody_can_always_do_everything(session: Session):
    add(session, "anna")
    add(session, "ben", "annotator")
    for change in ({"role": "viewer"}, {"disabled": True}):
        with pytest.raises(Conflict, match="anna is the only lead"), session.begin_nested():
            accounts.change(session, "anna", **change)
    accounts.change(session, "ben", role="lead")
    assert accounts.change(session, "anna", role="viewer").role == "viewer"


@pytest.mark.parametrize("name", ["", "  ", " anna", "a\nb", "x" * 101])
def test_a_bad_name_is_refused(session: Session, name: str):
    with pytest.raises(BadConfig, match="an account's name"):
        add(session, name)


def test_a_name_is_taken_once_and_a_role_must_exist(session: Session):
    add(session, "anna")
    with pytest.raises(Conflict, match="there is an account anna already"):
        add(session, "anna")
    with pytest.raises(BadConfig, match="role owner is none of"):
        add(session, "ben", "owner")  # pyright: ignore[reportArgumentType]
    with pytest.raises(NotFound, match="no account carl"):
        accounts.change(session, "carl", disabled=True)
