import numpy as np
import pytest

from spotting.errors import BadConfig
from spotting.metrics import calibration_error
from spotting.recalibration import recalibrate


def audit(count: int, overclaimed: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Confidences whose logit is claimed `overclaimed` times as high as it is, and what was right."""
    rng = np.random.default_rng(seed)
    logit = rng.normal(1.5, 1.5, count)
    return 1 / (1 + np.exp(-overclaimed * logit)), rng.random(count) < 1 / (1 + np.exp(-logit))


@pytest.mark.parametrize("overclaimed", [0.5, 2.0])
def test_an_audit_of_hundreds_makes_dishonest_confidences_honest(overclaimed: float):
    fitted = recalibrate(*audit(400, overclaimed, 0))
    assert fitted is not None
    claimed, right = audit(5000, overclaimed, 1)
    assert calibration_error(claimed, right) > 0.05
    assert calibration_error(fitted(claimed), right) < 0.05


def test_honest_confidences_stay_and_order_never_changes():
    fitted = recalibrate(*audit(100, 1.0, 2))
    assert fitted is not None
    claimed = np.linspace(0.001, 0.999, 200)
    assert np.abs(fitted(claimed) - claimed).max() < 0.12
    assert (np.diff(fitted(claimed)) > 0).all()
    assert fitted.audits == 100


def test_few_audits_change_nothing_and_what_does_not_pair_is_refused():
    assert recalibrate(*audit(99, 2.0, 3)) is None
    with pytest.raises(BadConfig, match="must be alike"):
        recalibrate([0.5, 0.6], [True])
