"""Which device to train on, and how many CPU cores are really ours."""

import contextlib
import ctypes
import math
import os
from pathlib import Path

import torch

_BFLOAT16 = {"avx512_bf16", "amx_bf16"}
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3


def best_device() -> str:
    """ "cuda", "mps" or "cpu": the fastest that works here."""
    if torch.cuda.is_available():
        return "cuda"
    if torch.backends.mps.is_available():
        return "mps"
    return "cpu"


def describe(device: str) -> str:
    """`device` in words: "NVIDIA H200", "Apple GPU" or "CPU, 2 cores"."""
    if device.startswith("cuda"):
        return torch.cuda.get_device_name(device)
    if device.startswith("mps"):
        return "Apple GPU"
    cores = available_cores()
    return f"CPU, {cores} core{'s' if cores > 1 else ''}"


def memory_in_use(device: str) -> str:
    """Memory taken and there is in all, "1.2 of 8.0 GB": the device's own, or on a CPU that of this process.

    Empty where the system does not tell.
    """
    try:
        used, total = _memory(device)
    except (OSError, ValueError, AttributeError):
        return ""
    return f"{used / 1e9:.1f} of {total / 1e9:.1f} GB"


def _memory(device: str) -> tuple[int, int]:
    if device.startswith("cuda"):
        return torch.cuda.memory_reserved(device), torch.cuda.get_device_properties(device).total_memory
    if device.startswith("mps"):
        return torch.mps.driver_allocated_memory(), torch.mps.recommended_max_memory()
    page = os.sysconf("SC_PAGE_SIZE")
    resident = int(Path("/proc/self/statm").read_text().split()[1])
    return resident * page, os.sysconf("SC_PHYS_PAGES") * page


def available_cores(cgroup: Path = Path("/sys/fs/cgroup")) -> int:
    """CPU cores this process may use: the affinity mask, cut down by the control group's quota (v2 or v1)."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, math.ceil(min(allowed, _quota(cgroup))))


def _quota(cgroup: Path) -> float:
    """Cores granted by the control group; infinite where there is no limit."""
    try:
        limit, period = (cgroup / "cpu.max").read_text().split()
    except (OSError, ValueError):
        limit, period = _quota_v1(cgroup)
    return math.inf if limit in ("max", "-1") else int(limit) / int(period)


def _quota_v1(cgroup: Path) -> tuple[str, str]:
    try:
        quota = (cgroup / "cpu" / "cpu.cfs_quota_us").read_text().strip()
        return quota, (cgroup / "cpu" / "cpu.cfs_period_us").read_text().strip()
    except OSError:
        return "max", "1"


def has_bfloat16(device: str, cpuinfo: Path = Path("/proc/cpuinfo")) -> bool:
    """True if `device` computes in bfloat16 itself: emulated, it is slower than float32."""
    if device.startswith("cuda"):
        return torch.cuda.is_bf16_supported(including_emulation=False)
    try:
        return device == "cpu" and not _BFLOAT16.isdisjoint(cpuinfo.read_text().split())
    except OSError:
        return False


def autocast(device: str, *, enabled: bool) -> torch.autocast:
    """Mixed precision in bfloat16 where `enabled` and the device has it."""
    kind = device.split(":")[0]
    return torch.autocast(kind, torch.bfloat16, enabled=enabled and has_bfloat16(device))


def prepare() -> None:
    """Fits this process to the machine; to be called before heavy work, as often as one likes.

    Sets torch's threads to the available cores, unless OMP_NUM_THREADS says otherwise: more threads than
    cores make CPU training many times slower. Has glibc keep large buffers instead of returning them after
    every use: fetching them anew costs a third of a training step.
    """
    if "OMP_NUM_THREADS" not in os.environ:
        torch.set_num_threads(available_cores())
    with contextlib.suppress(OSError, AttributeError):
        allocator = ctypes.CDLL(None)
        allocator.mallopt(_MMAP_THRESHOLD, 2**31 - 1)
        allocator.mallopt(_TRIM_THRESHOLD, 2**31 - 1)
