"""Training a spotter on labelled clips: resumable, seeded, stoppable at any step (suppl. B)."""

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from spotting.checkpoint import load_training, save_spotter, save_training, start_from
from spotting.config import TrainConfig, to_dict
from spotting.criterion import Losses, build_criterion
from spotting.device import autocast, prepare
from spotting.epochs import Epoch, learning_rate_factor, reach_at
from spotting.errors import BadCheckpoint, BadConfig
from spotting.events import LabelledClip, Match
from spotting.features import cached_features
from spotting.feed import FeatureFeed, Feed, PictureFeed, Plan
from spotting.progress import Progress, Stopped
from spotting.spotter import Outputs, Spotter
from spotting.targets import LabelRows


def fit(
    clips: Sequence[LabelledClip],
    classes: Sequence[str],
    config: TrainConfig,
    *,
    folder: Path,
    device: str,
    progress: Progress,
    on_epoch: Callable[[Epoch], None],
) -> Spotter:
    """A spotter trained on `clips`, from the checkpoint in `folder` if there is one.

    Every epoch, `folder`/spotter.safetensors is written, then `on_epoch` called, then the state to resume
    from saved; after a crash in between, `on_epoch` sees that epoch again. `progress` is told steps, every
    step; when it raises `Stopped`, the state is saved first. A resumed training goes on as if it had never
    stopped: what a step draws depends on the seed and the step's number alone. Seeds torch's global
    generator.

    Raises `BadLabels` for an unknown class, `BadCheckpoint` if `folder` holds another run, `BadConfig` if
    the loss is no longer finite.
    """
    prepare()
    plan = Plan(clips, classes, config)
    spotter = new_spotter(config, plan.classes).to(device)
    with closing(open_feed(spotter, plan, folder, device, progress)) as feed:
        training = Training(spotter, feed, plan, folder=folder, device=device)
        training.resume()
        try:
            if spotter.backbone.note:
                progress(training.step, training.total, spotter.backbone.note)
            while not training.finished:
                if training.tally.steps == training.steps:
                    training.close_epoch(on_epoch)
                else:
                    training.advance(progress)
        except Stopped:
            training.save()
            raise
    return spotter.eval()


def new_spotter(config: TrainConfig, classes: tuple[str, ...]) -> Spotter:
    """The spotter that a training starts with. Raises `BadConfig`, `BadCheckpoint`."""
    torch.manual_seed(config.seed)
    spotter = Spotter(config, classes)
    if config.start:
        start_from(spotter, Path(config.start))
    elif config.frozen and spotter.backbone.note:
        raise BadConfig(f"frozen is True: {spotter.backbone.note}")
    if config.frozen:
        spotter.backbone.requires_grad_(False)
    return spotter


def open_feed(spotter: Spotter, plan: Plan, folder: Path, device: str, progress: Progress) -> Feed:
    """What the steps see: pictures, or features where the backbone is frozen."""
    if not plan.config.frozen:
        return PictureFeed(plan, device)

    def tell(done: float, total: float, note: str = "") -> None:
        progress(0, plan.total, f"{note}, {done / total:.0%}")

    return FeatureFeed(plan, cached_features(spotter, plan.clips, folder / "features", device, tell), device)


@dataclass(slots=True)
class Tally:
    """What one epoch has added up so far: sums over steps, and each label's last match by (clip, event).

    Losses are added up on their device: to look at one is to wait for the step to end.
    """

    steps: int = 0
    loss: Tensor = field(default_factory=lambda: torch.zeros(()))
    parts: dict[str, Tensor] = field(default_factory=dict)
    seconds: float = 0.0
    matches: dict[tuple[int, int], tuple[float, float]] = field(default_factory=dict)

    def add(self, losses: Losses, rows: LabelRows) -> None:
        """Count one step's losses and matches."""
        self.steps += 1
        self.loss = losses.total.detach() + self.loss.to(losses.total.device)
        for name, part in losses.parts.items():
            self.parts[name] = part + self.parts[name] if name in self.parts else part
        seen = zip(rows.clip_K, rows.event_K, losses.offset_K, losses.score_K, strict=True)
        for clip, event, offset, score in seen:
            if np.isfinite(offset):
                self.matches[int(clip), int(event)] = float(offset), float(score)


class Training:
    """A training in progress: model, optimiser, how many steps are done, and the running epoch's tally."""

    def __init__(self, spotter: Spotter, feed: Feed, plan: Plan, *, folder: Path, device: str) -> None:
        self.spotter, self.feed, self.plan, self.config = spotter, feed, plan, plan.config
        self.folder, self.device = folder, device
        self.steps, self.total = plan.steps, plan.total
        see = spotter.read if plan.config.frozen else spotter.forward
        self._see = torch.compile(see) if plan.config.compiled else see
        self.optimiser = make_optimiser(spotter, plan.config)
        self.criterion = build_criterion(plan.config, plan.label_rate())
        self.step = 0
        self.tally = Tally()

    @property
    def finished(self) -> bool:
        """True when all epochs are done and told."""
        return self.step == self.total and self.tally.steps == 0

    def advance(self, progress: Progress) -> None:
        """One step of the optimiser."""
        begun = time.perf_counter()
        done = self.step / self.total
        self.spotter.train()
        torch.manual_seed(self.config.seed * 1_000_003 + self.step)
        seen, targets = self.feed.batch(self.step)
        with autocast(self.device, enabled=self.config.amp):
            outputs: Outputs = self._see(seen)
        losses = self.criterion(outputs, targets, self._reach(done))
        self._descend(losses.total)
        self.step += 1
        self.tally.add(losses, targets.rows)
        self.tally.seconds += time.perf_counter() - begun
        progress(self.step, self.total, self._note())

    def close_epoch(self, on_epoch: Callable[[Epoch], None]) -> None:
        """Ends the running epoch: weights saved, `on_epoch` told, state saved. Raises `BadConfig`."""
        tally, self.tally = self.tally, Tally()
        if not torch.isfinite(tally.loss):
            raise BadConfig(f"the loss is not finite after step {self.step}: lower the learning rates")
        save_spotter(self.folder, self.spotter)
        on_epoch(self._epoch(tally))
        self.save()

    def save(self) -> None:
        """Writes all that `resume` needs."""
        save_training(
            self.folder,
            {
                "run": self._fingerprint(),
                "step": self.step,
                "model": self.spotter.state_dict(),
                "optimiser": self.optimiser.state_dict(),
                "steps": self.tally.steps,
                "loss": self.tally.loss,
                "parts": self.tally.parts,
                "seconds": self.tally.seconds,
                "matches": self.tally.matches,
            },
        )

    def resume(self) -> None:
        """Goes on from the state in the folder, if any. Raises `BadCheckpoint` if it is another run's."""
        state = load_training(self.folder, self.device)
        if state is None:
            return
        if state["run"] != self._fingerprint():
            raise BadCheckpoint(f"{self.folder}: holds a run with other settings, classes or labels")
        self.spotter.load_state_dict(state["model"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.step = state["step"]
        self.tally = Tally(**{name: state[name] for name in ("steps", "loss", "parts", "seconds", "matches")})

    def _descend(self, loss: Tensor) -> None:
        warmup = round(self.config.warmup_epochs * self.steps)
        factor = learning_rate_factor(self.step, warmup, self.total)
        for group in self.optimiser.param_groups:
            group["lr"] = group["initial_lr"] * factor
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.spotter.parameters(), self.config.clip_norm)
        self.optimiser.step()

    def _epoch(self, tally: Tally) -> Epoch:
        matches = tuple(Match(*key, *found) for key, found in sorted(tally.matches.items()))
        return Epoch(
            epoch=self.step // self.steps,
            loss=float(tally.loss) / self.steps,
            parts={name: float(part) / self.steps for name, part in tally.parts.items()},
            learning_rate=self.optimiser.param_groups[0]["lr"],
            frames_per_second=self.steps * self._frames_per_step / tally.seconds,
            seconds=tally.seconds,
            matches=matches,
        )

    def _note(self) -> str:
        epoch, step = divmod(self.step - 1, self.steps)
        speed = (step + 1) * self._frames_per_step / self.tally.seconds
        epochs = self.config.epochs
        return f"epoch {epoch + 1}/{epochs}, step {step + 1}/{self.steps}, {speed:,.0f} frames/s"

    @property
    def _frames_per_step(self) -> int:
        return self.config.batch * self.config.model.window

    def _reach(self, done: float) -> float:
        config = self.config
        return reach_at(done, config.reach, config.reach_start, config.reach_warmup)

    def _fingerprint(self) -> str:
        told: list[Any] = [to_dict(self.config), self.plan.classes]
        told += [
            (clip.name, len(clip.frames), [(e.label, e.frame) for e in clip.events])
            for clip in self.plan.clips
        ]
        known = [clip.chances_LS.tobytes() for clip in self.plan.clips if clip.chances_LS is not None]
        return hashlib.sha256(json.dumps(told).encode() + b"".join(known)).hexdigest()


def make_optimiser(spotter: Spotter, config: TrainConfig) -> torch.optim.AdamW:
    """AdamW with the backbone's and the transformer's learning rates (suppl. B); a frozen one has none."""
    backbone = [] if config.frozen else list(spotter.backbone.parameters())
    known = {id(weight) for weight in spotter.backbone.parameters()}
    rest = [weight for weight in spotter.parameters() if id(weight) not in known]
    groups = [
        {"params": weights, "lr": rate, "initial_lr": rate}
        for weights, rate in ((backbone, config.backbone_rate), (rest, config.transformer_rate))
        if weights
    ]
    fused = rest[0].device.type in ("cpu", "cuda")
    return torch.optim.AdamW(groups, weight_decay=config.weight_decay, fused=fused)
