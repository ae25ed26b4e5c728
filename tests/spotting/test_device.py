"""Cores that are really ours."""

import os
import re
from pathlib import Path

import pytest
import torch

from spotting.device import available_cores, best_device, describe, has_bfloat16, memory_in_use, prepare


@pytest.mark.parametrize(
    ("files", "cores"),
    [
        ({"cpu.max": "max 100000"}, None),
        ({"cpu.max": "100000 100000"}, 1),
        ({"cpu.max": "50000 100000"}, 1),
        ({"cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000"}, None),
        ({"cpu/cpu.cfs_quota_us": "100000", "cpu/cpu.cfs_period_us": "100000"}, 1),
        ({}, None),
    ],
)
def test_a_control_groups_quota_cuts_the_cores_down(
    tmp_path: Path, files: dict[str, str], cores: int | None
) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text + "\n")
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    assert available_cores(tmp_path) == (cores or allowed)


def test_torch_gets_the_available_cores_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    before = torch.get_num_threads()
    try:
        monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
        prepare()
        assert torch.get_num_threads() == available_cores()
        torch.set_num_threads(1)
        monkeypatch.setenv("OMP_NUM_THREADS", "1")
        prepare()
        assert torch.get_num_threads() == 1
    finally:
        torch.set_num_threads(before)


@pytest.mark.parametrize(
    ("flags", "has"), [("fpu avx512_bf16 avx2", True), ("amx_bf16", True), ("fpu avx2", False)]
)
def test_a_processor_has_bfloat16_if_it_says_so(tmp_path: Path, flags: str, has: bool) -> None:
    (tmp_path / "cpuinfo").write_text(f"flags : {flags}\n")
    assert has_bfloat16("cpu", tmp_path / "cpuinfo") is has
    assert has_bfloat16("cpu", tmp_path / "nowhere") is False
    assert has_bfloat16("mps", tmp_path / "cpuinfo") is False


def test_a_device_has_a_name_for_people() -> None:
    assert describe("cpu").startswith(f"CPU, {available_cores()} core")
    assert best_device() in ("cpu", "cuda", "mps")


def test_the_memory_of_this_process_is_told_beside_all_there_is() -> None:
    told = re.fullmatch(r"(\S+) of (\S+) GB", memory_in_use("cpu"))
    assert told
    assert 0 < float(told[1]) < float(told[2])
