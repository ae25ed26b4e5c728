"""Tables of results: means with spreads, gaps where nothing was measured, the same in every form."""

import csv
import io

import pytest

from app.bench.table import Spread, Table

TABLE = Table("A title", ["method", "mAP"], [["c1", Spread((0.5, 0.6), 1, 100)], ["c2", None]])


def test_a_spread_is_mean_and_sample_standard_deviation() -> None:
    assert str(Spread((0.5, 0.6), 1, 100)) == "55.0 ± 7.1"
    assert str(Spread((0.5,), 2)) == "0.50"


def test_markdown_shows_a_dash_where_nothing_was_measured() -> None:
    assert "| c1 | 55.0 ± 7.1 |\n| c2 | - |\n" in TABLE.markdown()


def test_csv_has_mean_spread_and_count_in_columns_of_their_own() -> None:
    rows = list(csv.DictReader(io.StringIO(TABLE.csv())))
    assert list(rows[0]) == ["method", "mAP", "mAP sd", "mAP seeds"]
    assert float(rows[0]["mAP"]) == pytest.approx(55)
    assert rows[0]["mAP seeds"] == "2"
    assert rows[1]["mAP"] == ""


def test_html_escapes_what_it_shows() -> None:
    assert "<td>a &lt; b</td>" in Table("t", ["x"], [["a < b"]]).html()
