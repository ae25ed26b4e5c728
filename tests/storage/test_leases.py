from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage import leases, queues
from storage.records import QueueName
from storage.tables import Lease


@pytest.fixture
def dataset(session: Session, add_dataset) -> int:
    return add_dataset(session)


def queue(session: Session, dataset: int, annotator: str, name: QueueName = "clip") -> list[int]:
    return [item.label_id for item in queues.queue(session, dataset, name=name, annotator=annotator)]


def test_two_people_are_not_led_to_the_same_labels(session: Session, dataset: int):
    everything = queue(session, dataset, "anna")
    assert leases.take(session, everything[:2], "anna") == []
    assert queue(session, dataset, "anna") == everything
    assert queue(session, dataset, "ben") == everything[2:]
    assert queue(session, dataset, "ben", "likely") == queue(session, dataset, "ben")
    assert queue(session, dataset, "ben", "all") == everything


def test_who_comes_second_hears_who_has_it_and_until_when(session: Session, dataset: int):
    first, second, *_ = queue(session, dataset, "anna")
    leases.take(session, [first], "anna")
    (held,) = leases.take(session, [first, second], "ben")
    assert (held.label_id, held.annotator) == (first, "anna")
    assert timedelta(0) < held.expires_at - datetime.now(UTC) <= leases.LASTS
    assert second not in queue(session, dataset, "anna")


def test_a_lease_is_renewed_by_its_owner_and_ends_by_itself(session: Session, dataset: int):
    first, *_ = queue(session, dataset, "anna")
    leases.take(session, [first], "anna")
    session.execute(sa.update(Lease).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    assert first in queue(session, dataset, "ben")
    leases.take(session, [first], "anna")
    assert first not in queue(session, dataset, "ben")
    leases.release(session, "anna")
    assert leases.take(session, [first], "ben") == []


def test_who_asks_for_a_label_gets_it_when_it_is_given(session: Session, dataset: int):
    first, second, *_ = queue(session, dataset, "anna")
    assert leases.ask(session, first, "ben") is None
    (held,) = leases.take(session, [first, second], "anna")
    assert held.annotator == "ben"
    asked = leases.ask(session, first, "anna")
    assert asked is not None
    assert (asked.annotator, asked.wanted_by) == ("ben", "anna")
    leases.take(session, [first], "ben")
    assert [lease.wanted_by for lease in leases.wanted(session, [first], "ben")] == ["anna"]
    leases.answer(session, first, "ben", give=False)
    assert leases.wanted(session, [first], "ben") == []
    leases.ask(session, first, "anna")
    leases.answer(session, first, "ben", give=True)
    assert [lease.annotator for lease in leases.take(session, [first], "ben")] == ["anna"]
    leases.answer(session, second, "ben", give=True)
    assert leases.take(session, [second], "anna") == []


def test_unknown_labels_are_passed_over(session: Session, dataset: int):
    assert leases.take(session, [999_999], "anna") == []
    assert session.scalar(sa.select(sa.func.count()).select_from(Lease)) == 0


def test_a_lease_from_before_the_clock_was_set_back_holds_nobody_up(session: Session, dataset: int):
    first, *_ = queue(session, dataset, "anna")
    leases.take(session, [first], "anna")
    session.execute(sa.update(Lease).values(expires_at=datetime.now(UTC) + timedelta(hours=1)))
    assert first in queue(session, dataset, "ben")
    assert leases.take(session, [first], "ben") == []
    assert first not in queue(session, dataset, "anna")
