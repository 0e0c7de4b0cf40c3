"""The learned judgement of segments: a lexicon, a forest and networks, evaluated with numpy alone.

`tests/benchmarks/train_body.py` learns them and writes `body_words.json`, `body_trees.npz` and `body_network.npz`
beside this file. Trees and networks err on different pages: their mean is better than either.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from aggregator.extraction import features, lexicon
from aggregator.extraction.blocks import Text
from aggregator.extraction.forest import Forest
from aggregator.extraction.network import Network
from aggregator.extraction.sheet import Context, Floats

KEEP = 0.5
SHARE = 0.7  # of the networks in the mean
FAINT = 1e-4  # belief

Beliefs = NDArray[np.float64]


@cache
def learned() -> tuple[Forest, Network]:
    """What comes with the project."""
    return Forest(**arrays("body_trees.npz")), Network(arrays("body_network.npz"))


def arrays(name: str) -> dict[str, NDArray[Any]]:
    with files(__package__).joinpath(name).open("rb") as file, np.load(file) as data:
        return dict(data)


@cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()


def beliefs(text: Text, clues: features.Clues) -> Beliefs:
    """How sure it is, from 0 to 1, that each segment belongs to the story."""
    out = np.zeros(len(text.segments))
    if text.segments and len((context := Context(text)).read):
        out[context.read] = judged(*learned(), features.table(context, clues, lexicon.learned()), context)
    return out


def judged(forest: Forest, network: Network, table: Floats, context: Context) -> Beliefs:
    """Of the segments that were read, by `table` (features, read): the mean in log-odds."""
    with _threads().limit(limits=1, user_api="blas"):  # so small matrices cost more to share than to multiply
        odds = SHARE * _odds(network(table, context)) + (1 - SHARE) * _odds(forest(table))
    return np.asarray(1 / (1 + np.exp(-odds)))


def _odds(belief: Beliefs) -> Beliefs:
    sure = np.clip(belief, FAINT, 1 - FAINT)
    return np.asarray(np.log(sure / (1 - sure)))
