from dataclasses import replace

import pytest

from spotting.config import ModelConfig
from spotting.memory import advice
from spotting.presets import paper, small


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (paper(), "batch 8 of 100 pictures at 224 px; try batch 4, which"),
        (replace(paper(), batch=1), "try batch 1 at 144 px, which takes about half the memory"),
        (replace(small(), batch=1, model=ModelConfig(size=64)), "use the preset small"),
    ],
)
def test_the_setting_that_takes_less_is_named(config, said):
    told = advice(config, "NVIDIA H100")
    assert told.startswith("NVIDIA H100: out of memory with ")
    assert said in told
