"""The paper's own results (Tables 1, 2 and i), to stand beside ours."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Published:
    """mAP in percent at tolerances of 1 and 2 frames; `suppression` is what the read-out was followed by."""

    method: str
    backbone: str
    suppression: str
    at_1: float
    at_2: float


SPLITS = ("tennis", "finediving", "fs_comp", "fs_perf", "finegym", "finegym_start")

_TABLE_1 = """
Spot        | regnety_002 | 95.63 97.83 70.47 88.03 77.24 89.41 89.22 96.59 55.20 67.18 68.22 80.92
T-DEED      | regnety_002 | 95.29 98.05 75.44 90.08 77.71 86.32 90.82 96.63 56.34 68.09 69.29 81.50
paper, c3   | regnety_002 | 96.21 98.15 70.69 87.88 80.93 93.64 87.82 97.56 55.87 70.26 67.90 82.04
Spot        | regnety_008 | 96.16 97.95 66.13 85.76 84.82 93.39 90.80 97.30 56.27 69.32 69.22 82.64
Spot + flow | regnety_008 | 96.25 98.11 70.12 87.15 86.65 94.67 91.70 97.78 57.53 69.61 70.58 83.00
T-DEED      | regnety_008 | 96.11 98.01 75.14 88.94 72.58 81.54 91.04 97.54 57.19 69.95 70.10 82.66
paper, c3   | regnety_008 | 96.61 98.07 72.42 90.14 80.55 91.07 87.54 96.95 56.55 71.05 68.76 83.36
"""
_TABLE_2 = """
paper, c1   | regnety_008 | 95.84 97.80 61.41 82.79 80.35 90.38 89.26 97.32 57.35 70.29 69.30 81.84
paper, c2   | regnety_008 | 96.23 97.90 71.70 88.62 77.96 90.53 86.52 96.45 57.22 71.49 69.54 83.86
"""
_TABLE_I = """
Spot        | regnety_008 | 96.02 97.32 65.68 83.96 73.91 82.48 82.43 89.58 41.87 47.04 53.82 59.72
Spot + flow | regnety_008 | 95.12 96.41 67.72 82.92 73.33 80.35 81.04 86.48 41.48 46.02 53.84 59.13
T-DEED      | regnety_008 | 95.59 96.99 62.75 74.94 21.50 23.56 81.03 86.29 40.12 44.78 51.16 56.71
paper, c3   | regnety_008 | 96.56 97.74 72.60 89.13 74.23 84.07 80.50 88.64 46.85 54.43 59.22 68.05
"""


def published(split: str) -> list[Published]:
    """All that the paper says of a split with precise labels; nothing of a split that it does not know."""
    if split not in SPLITS:
        return []
    tables = ((_TABLE_1, "soft"), (_TABLE_2, "soft"), (_TABLE_I, "none"))
    lines = [(line, suppression) for text, suppression in tables for line in text.strip().splitlines()]
    return [_row(line, suppression, SPLITS.index(split)) for line, suppression in lines]


def _row(line: str, suppression: str, split: int) -> Published:
    method, backbone, figures = (cell.strip() for cell in line.split("|"))
    at_1, at_2 = (float(figure) for figure in figures.split()[2 * split : 2 * split + 2])
    return Published(method, backbone, suppression, at_1, at_2)
