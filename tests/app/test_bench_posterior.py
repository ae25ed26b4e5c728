"""The bench of the posterior runs, and what it times is worth timing."""

from app.bench.posterior import measure
from spotting.progress import silent


def test_suggestions_of_a_simulated_dataset_are_timed_and_good() -> None:
    told = {row.what: row.value for row in measure(1000, silent)}
    assert told["suggestions for 1,000 labels"] > 0
    assert told["mean error after"] < 0.45 < told["mean error before"]
    assert told["calibration error"] < 0.03
