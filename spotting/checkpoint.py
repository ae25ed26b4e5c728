"""Spotters on disk: weights with their settings in one safetensors file; and a training's state to resume.

Each file is written beside its place and moved there, so that a reader or a crash never meets half of one.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file

from spotting.config import from_dict, to_dict
from spotting.errors import BadCheckpoint, UserError
from spotting.spotter import Spotter

SPOTTER = "spotter.safetensors"
TRAINING = "training.pt"
_KEY = "respot"


def save_spotter(folder: Path, spotter: Spotter) -> None:
    """Writes `folder`/spotter.safetensors: weights, and in its header the settings and classes."""
    about = json.dumps({"config": to_dict(spotter.config), "classes": list(spotter.classes)})
    weights = {name: tensor.contiguous() for name, tensor in spotter.state_dict().items()}
    _replace(folder / SPOTTER, lambda path: save_file(weights, path, metadata={_KEY: about}))


def load_spotter(folder: Path, device: str = "cpu") -> Spotter:
    """The spotter saved in `folder`, on `device`, ready to predict. Raises `BadCheckpoint`."""
    path = folder / SPOTTER
    try:
        with safe_open(path, framework="pt") as file:
            about = json.loads((file.metadata() or {})[_KEY])
        config = from_dict({**about["config"], "model": {**about["config"]["model"], "pretrained": False}})
        spotter = Spotter(config, tuple(about["classes"]))
        spotter.load_state_dict(load_file(path))
    except FileNotFoundError:
        raise BadCheckpoint(f"{path}: no such file") from None
    except (SafetensorError, KeyError, ValueError, RuntimeError, UserError) as error:
        raise BadCheckpoint(f"{path}: not a spotter of this version ({error})") from error
    return spotter.to(device).eval()


def start_from(spotter: Spotter, folder: Path) -> None:
    """Gives `spotter` the weights of the one saved in `folder` wherever names and shapes agree.

    Scores of classes keep their weights only if the class lists are the same. Raises `BadCheckpoint` for no
    spotter, and if its backbone is another.
    """
    given = load_spotter(folder)
    weights, own = given.state_dict(), spotter.state_dict()
    heads = () if given.classes == spotter.classes else ("frame_head.", "query_head.score.")
    fitting = {
        name: weight
        for name, weight in weights.items()
        if name in own and own[name].shape == weight.shape and not name.startswith(heads)
    }
    foreign = [name for name in own if name.startswith("backbone.") and name not in fitting]
    if foreign:
        raise BadCheckpoint(f"{folder}: its backbone has no {foreign[0]}, so training cannot start from it")
    spotter.load_state_dict(fitting, strict=False)


def save_training(folder: Path, state: dict[str, Any]) -> None:
    """Writes `folder`/training.pt: plain values and tensors."""
    _replace(folder / TRAINING, lambda path: torch.save(state, path))


def load_training(folder: Path, device: str) -> dict[str, Any] | None:
    """What `save_training` wrote, on `device`; None if nothing was. Raises `BadCheckpoint`."""
    path = folder / TRAINING
    if not path.exists():
        return None
    try:
        return torch.load(path, map_location=device, weights_only=True)
    except Exception as error:
        raise BadCheckpoint(f"{path}: cannot be read ({error})") from error


def _replace(path: Path, write: Callable[[Path], object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write(beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
