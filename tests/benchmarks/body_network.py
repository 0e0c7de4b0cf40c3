"""Learns the network of `aggregator.extraction.network`, with PyTorch; train_body.py gives it the pages."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from aggregator.extraction.network import AROUND, REACH, TINY, Around
from aggregator.extraction.sheet import Context

WIDTH, NARROW = 64, 32  # of a layer, and of what its means are over
INTERVALS, FEW = 6, 32  # of a column with more different values than FEW; else each of them ends one
EPOCHS, PAGES, SPEED, DECAY = 15, 12, 3e-3, 0.02
DROPPED, DROPPED_COLUMNS = 0.3, 0.15
SMOOTH = 0.03  # labels are that unsure
SHALLOW = 0.3  # weight of what the first layer alone would say
SEEDS = 3
GAP = 4  # empty rows between two pages: no further than a layer sees
torch.set_num_threads(1)


@dataclass
class Rows:
    """A page for the network: what was read of it."""

    shares: Tensor  # (read, intervals)
    around: Around
    labels: Tensor
    weights: Tensor


class Encoding:
    """Columns as shares of the intervals between their quantiles."""

    def __init__(self, rows: np.ndarray) -> None:
        edges = [self._edges(column) for column in rows.T]
        self.column = np.repeat(np.arange(len(edges)), [len(found) - 1 for found in edges])
        self.low = np.concatenate([found[:-1] for found in edges])
        self.width = np.concatenate([np.diff(found) for found in edges])

    @staticmethod
    def _edges(column: np.ndarray) -> np.ndarray:
        found = np.unique(column)
        if len(found) > FEW:
            found = np.unique(np.quantile(column, np.linspace(0, 1, INTERVALS + 1)).astype(np.float32))
        return found if len(found) > 1 else np.array([found[0], found[0] + 1], np.float32)

    def __call__(self, rows: np.ndarray) -> Tensor:
        shares = np.clip((rows[:, self.column] - self.low) / self.width, 0, 1)
        return torch.from_numpy(shares.astype(np.float32))


class Batch:
    """Pages one behind the other, with a gap between."""

    def __init__(self, pages: Sequence[Rows]) -> None:
        sizes = [len(page.labels) for page in pages]
        starts = np.concatenate(([0], np.cumsum(np.array(sizes) + GAP)[:-1]))
        self.n = int(starts[-1]) + sizes[-1] + GAP
        self.rows = torch.from_numpy(
            np.concatenate([start + np.arange(size) for start, size in zip(starts, sizes, strict=True)])
        )
        arounds = [page.around for page in pages]
        self.first = self._places([a.first for a in arounds], starts)
        self.last = self._places([a.last for a in arounds], starts)
        self.kinds = [self._kinds([a.kinds[i] for a in arounds]) for i in range(len(arounds[0].kinds))]
        self.weight = torch.from_numpy(np.concatenate([a.weight[:, 0] for a in arounds]))
        self.shares = torch.cat([page.shares for page in pages])
        self.labels, self.weights = (
            torch.cat([getattr(page, name) for page in pages]) for name in ("labels", "weights")
        )

    @staticmethod
    def _places(ends: Sequence[np.ndarray], starts: np.ndarray) -> Tensor:
        return torch.from_numpy(np.concatenate([end + start for end, start in zip(ends, starts, strict=True)], axis=1))

    @staticmethod
    def _kinds(kinds: Sequence[np.ndarray]) -> Tensor:
        before = np.cumsum([0, *(int(kind.max()) + 1 for kind in kinds)])
        return torch.from_numpy(np.concatenate([kind + start for kind, start in zip(kinds, before, strict=False)]))

    def spread(self, hidden: Tensor) -> Tensor:
        return torch.zeros(self.n, hidden.shape[1]).index_copy(0, self.rows, hidden)

    def means(self, columns: Tensor) -> Tensor:
        """As `Around.means`."""
        weight = self.weight[:, None]
        sums, whole = (
            functional.pad(torch.cumsum(self.spread(x).double(), 0), (0, 0, 1, 0)) for x in (columns * weight, weight)
        )
        inside = [
            ((sums[last] - sums[first]) / (whole[last] - whole[first] + TINY)).float()
            for first, last in zip(self.first, self.last, strict=True)
        ]
        heavier = self.weight + TINY
        return torch.cat([*inside, *(self._mean(columns, by, heavier) for by in self.kinds)], 1)

    @staticmethod
    def _mean(columns: Tensor, by: Tensor, weight: Tensor) -> Tensor:
        count = int(by.max()) + 1
        sums = torch.zeros(count, columns.shape[1]).index_add(0, by, columns * weight[:, None])
        return (sums / torch.zeros(count).index_add(0, by, weight)[:, None])[by]


class Layer(nn.Module):
    def __init__(self, size: int, step: int) -> None:
        super().__init__()
        self.window = nn.Conv1d(WIDTH, WIDTH, size, padding=size // 2 * step, dilation=step)
        self.narrow = nn.Linear(WIDTH, NARROW)
        self.around = nn.Linear(AROUND * NARROW, WIDTH, bias=False)
        self.normed = nn.LayerNorm(WIDTH)

    def forward(self, hidden: Tensor, batch: Batch) -> Tensor:
        seen = self.window(batch.spread(hidden).T[None])[0].T[batch.rows]
        seen = seen + self.around(batch.means(functional.relu(self.narrow(hidden))))
        return self.normed(hidden + functional.dropout(functional.relu(seen), DROPPED, self.training))  # type: ignore[no-any-return]


class Learner(nn.Module):
    def __init__(self, columns: int) -> None:
        super().__init__()
        self.first = nn.Linear(columns, WIDTH)
        self.normed = nn.LayerNorm(WIDTH)
        self.layers = nn.ModuleList(Layer(size, step) for size, step in REACH)
        self.shallow, self.out = nn.Linear(WIDTH, 1), nn.Linear(WIDTH, 1)

    def forward(self, batch: Batch) -> Iterator[Tensor]:
        hidden = self.first(functional.dropout(batch.shares, DROPPED_COLUMNS, self.training))
        hidden = functional.dropout(self.normed(functional.relu(hidden)), DROPPED, self.training)
        yield self.shallow(hidden)[:, 0]
        for layer in self.layers:
            hidden = layer(hidden, batch)
        yield self.out(hidden)[:, 0]

    def loss(self, batch: Batch) -> Tensor:
        target = batch.labels * (1 - 2 * SMOOTH) + SMOOTH
        shallow, deep = (
            (functional.binary_cross_entropy_with_logits(out, target, reduction="none") * batch.weights).sum()
            for out in self(batch)
        )
        return (deep + SHALLOW * shallow) / (batch.weights.sum() + 1e-6)

    def arrays(self) -> dict[str, np.ndarray]:
        """As `Network` has them."""
        out = {"in.weight": self.first.weight.T, "in.bias": self.first.bias, "in.scale": self.normed.weight,
               "in.shift": self.normed.bias, "out.weight": self.out.weight.T, "out.bias": self.out.bias}  # fmt: skip
        for number, layer in enumerate(self.layers):
            assert isinstance(layer, Layer)
            name = f"layer{number}"
            out |= {
                f"{name}.window": layer.window.weight.permute(2, 1, 0).reshape(-1, WIDTH),
                f"{name}.narrow": layer.narrow.weight.T,
                f"{name}.narrow.bias": layer.narrow.bias,
                f"{name}.around": layer.around.weight.T,
                f"{name}.bias": layer.window.bias,
                f"{name}.scale": layer.normed.weight,
                f"{name}.shift": layer.normed.bias,
            }
        return {name: np.atleast_2d(tensor.detach().numpy()) for name, tensor in out.items()}


def learn(
    tables: Sequence[np.ndarray],
    contexts: Sequence[Context],
    labels: Sequence[np.ndarray],
    weights: Sequence[np.ndarray],
) -> dict[str, np.ndarray]:
    """`Network`'s arrays, from pages with (read, features), and a label and a weight for each of the segments read."""
    everything = np.concatenate(tables)
    encoding = Encoding(everything[:: max(1, len(everything) // 100_000)])
    pages = [
        Rows(
            encoding(table),
            Around(context),
            torch.from_numpy((label == 1).astype(np.float32)),
            torch.from_numpy(weight.astype(np.float32)),
        )
        for table, context, label, weight in zip(tables, contexts, labels, weights, strict=True)
        if len(table)
    ]
    learned = [_learned(pages, seed).arrays() for seed in range(SEEDS)]
    stacked = {name: np.stack([arrays[name] for arrays in learned]).astype(np.float16) for name in learned[0]}
    return {"column": encoding.column, "low": encoding.low, "width": encoding.width, **stacked}


def _learned(pages: list[Rows], seed: int) -> Learner:
    torch.manual_seed(seed)
    draw = random.Random(seed)
    learner = Learner(pages[0].shares.shape[1])
    steps = EPOCHS * -(-len(pages) // PAGES)
    optimizer = torch.optim.AdamW(learner.parameters(), lr=SPEED, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, SPEED, steps, pct_start=0.15)
    for _ in range(EPOCHS):
        pages = draw.sample(pages, len(pages))
        for start in range(0, len(pages), PAGES):
            loss = learner.loss(Batch(pages[start : start + PAGES]))
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(learner.parameters(), 1.0)
            optimizer.step()
            schedule.step()
    return learner.eval()
