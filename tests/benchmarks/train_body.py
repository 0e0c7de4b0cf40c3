"""Learn which segments of a page are the story, from pages whose text is known.

    pip install lightgbm torch rapidfuzz
    python tests/benchmarks/train_body.py DATA --report     cross-validated by site: what to expect on pages never seen
    python tests/benchmarks/train_body.py DATA --write      learn from all pages, write extraction/body_*

DATA holds `<set>.jsonl.xz` files, a page a line: `html`, `url` and `text` (or `bodies`, several right answers), or
`with_` and `without`, pieces that must and must not be in the text. Same data, same bytes.
"""

from __future__ import annotations

import argparse
import collections
import json
import lzma
import random
import re
import statistics
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import tldextract
from rapidfuzz.distance import LCSseq

sys.path.insert(0, str(Path(__file__).parents[2]))

import body_network

from aggregator.extraction import body, features, model
from aggregator.extraction.blocks import Text
from aggregator.extraction.forest import Forest
from aggregator.extraction.lexicon import HEAD, LONG, Lexicon, first_words, keys
from aggregator.extraction.network import Network
from aggregator.extraction.page import Page
from aggregator.extraction.sheet import Context

# Sets and the weight of their pages.
SETS = {"naeb": 1.5, "wcxb_dev": 0.5, "flair": 1.5, "trafilatura": 0.7}
FOLDS, INNER = 4, 4
MIN_SITES = {"near": 4, "far": 4, "said": 4, "tone": 6}  # of a lexicon's word
DRAW = {"near": 3, "far": 3, "said": 2, "tone": 4}  # sites that say nothing, added to each word's
# Truths are noisy: trees that see few columns each overrule one another's accidents.
FOREST = {
    "objective": "binary", "num_leaves": 24, "learning_rate": 0.15, "min_data_in_leaf": 40, "feature_fraction": 0.1,
    "bagging_fraction": 0.7, "bagging_freq": 1, "lambda_l2": 5, "max_bin": 63, "num_threads": 1, "deterministic": True,
    "force_row_wise": True, "seed": 1, "verbose": -1,
}  # fmt: skip
TREES = 80
TOKEN = re.compile(r"\w+")


@dataclass
class Sample:
    set: str
    url: str
    site: str
    text: Text
    clues: features.Clues
    labels: np.ndarray  # 1 in, 0 out, -1 unknown
    truths: list[str]
    pieces: tuple[list[str], list[str]]


def sample(row: dict[str, Any]) -> Sample | None:
    url = row["url"] if "://" in row["url"] else "http://" + re.split(r"[-_/]", row["url"].split("::")[-1])[0]
    page = Page.parse(row["html"], url, datetime(2026, 1, 1, tzinfo=UTC))
    text, clues = page.text, body.clues(page)
    truths = (
        ["\n\n".join(parts) for parts in row["bodies"]]
        if row.get("bodies")
        else [row["text"]]
        if row.get("text")
        else []
    )
    pieces = (row.get("with_") or [], row.get("without") or [])
    lines = [segment.text for segment in text.segments]
    if not lines:
        return None
    if truths:
        found, labels = max(((overlap(lines, one, truth), one) for truth in truths for one in [align(lines, truth)]),
                            key=lambda pair: pair[0])  # fmt: skip
        if found < 0.75:  # the truth is not on the page
            return None
    else:
        labels = snippets(lines, *pieces)
    for place in text.places:
        place.element = None  # type: ignore[assignment]  # trees do not travel between processes
    text.media = [(None, place) for _, place in text.media]  # type: ignore[misc]
    parts = tldextract.TLDExtract(suffix_list_urls=())(url)
    return Sample(row["set"], url, parts.domain or url, text, clues, np.array(labels), truths, pieces)


def align(lines: list[str], truth: str) -> list[int]:
    """The choice of lines that gives the truth: by longest common subsequence of words, then improved line by line."""
    want = TOKEN.findall(truth)
    words = [TOKEN.findall(line) for line in lines]
    known, threes = set(want), set(zip(want, want[1:], want[2:], strict=False))

    def likely(line: list[str]) -> bool:
        own = list(zip(line, line[1:], line[2:], strict=False))
        return sum(three in threes for three in own) >= 0.3 * len(own) if own else bool(line) and known.issuperset(line)

    candidates = [i for i, line in enumerate(words) if likely(line)]
    flat = [(i, word) for i in candidates for word in words[i]]
    hits = Counter(
        flat[at][0]
        for step in LCSseq.opcodes([word for _, word in flat], want)
        if step.tag == "equal"
        for at in range(step.src_start, step.src_end)
    )
    labels = [int(bool(line) and hits[i] >= 0.6 * len(line)) for i, line in enumerate(words)]
    wanted = shingles(want)

    def score() -> float:
        got = shingles([word for line, label in zip(words, labels, strict=True) if label for word in line])
        return 2 * sum((got & wanted).values()) / (sum(got.values()) + sum(wanted.values()))

    best = score()
    for _ in range(3 if len(candidates) * len(flat) < 3e7 else 0):
        before = best
        for i in candidates:
            labels[i] ^= 1
            if (now := score()) > best + 1e-12 or (now == best and not labels[i]):
                best = now
            else:
                labels[i] ^= 1
        if best == before:
            break
    return labels


def snippets(lines: list[str], inside: list[str], outside: list[str]) -> list[int]:
    labels = [-1] * len(lines)
    for pieces, label in ((outside, 0), (inside, 1)):
        for piece in (" ".join(piece.split()) for piece in pieces):
            for i, line in enumerate(lines):
                if len(piece) > 7 and (
                    (piece in line and (label or len(piece) > 0.4 * len(line))) or (len(line) > 15 and line in piece)
                ):
                    labels[i] = label
    return labels


def shingles(words: list[str]) -> Counter[tuple[str, ...]]:
    return Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3))) if words else Counter()


def overlap(lines: list[str], labels: list[int], truth: str) -> float:
    got = Counter(word for line, label in zip(lines, labels, strict=True) if label for word in TOKEN.findall(line))
    want = Counter(TOKEN.findall(truth))
    return 2 * sum((got & want).values()) / max(1, sum(got.values()) + sum(want.values()))


def by_site(samples: list[Sample], parts: int, seed: int) -> list[int]:
    sites = sorted({one.site for one in samples})
    random.Random(seed).shuffle(sites)
    part = {site: i % parts for i, site in enumerate(sites)}
    return [part[one.site] for one in samples]


def learn_lexicon(samples: list[Sample]) -> Lexicon:
    """Each word's lean to bodies: its mean over sites, drawn to 0 where few sites have it."""
    sites: dict[str, dict[str, dict[str, list[int]]]] = {name: collections.defaultdict(dict) for name in MIN_SITES}
    for one in samples:
        lines = first_words([segment.text for segment in one.text.segments])
        for segment, words, label in zip(one.text.segments, lines, one.labels.tolist(), strict=True):
            if label < 0:
                continue
            place = segment.place
            near = {*segment.words, *place.words, *(place.parent.words if place.parent else ())}
            far: set[str] = set()
            above = place
            while above:
                far.update(above.words)
                above = above.parent  # type: ignore[assignment]
            said = set(keys(words, len(segment.text) <= HEAD))
            tone = set(words) if len(segment.text) > LONG else set()
            for table, found in zip(sites.values(), (near, far, said, tone), strict=True):
                for word in found:
                    table[word].setdefault(one.site, [0, 0])[label] += 1
    return Lexicon(*(
        {
            word: round(sum((i - o) / (i + o) for o, i in counts.values()) / (len(counts) + DRAW[name]), 2)
            for word, counts in sorted(table.items()) if len(counts) >= MIN_SITES[name]
        }
        for name, table in sites.items()
    ))  # fmt: skip


def weights(one: Sample) -> np.ndarray:
    sizes = np.array([len(segment.text) for segment in one.text.segments])
    known = one.labels >= 0
    return np.asarray(SETS[one.set] * known * (1 + np.sqrt(sizes) / 6) / max(1.0, known.sum() / 100) ** 0.8)


@dataclass
class Learned:
    lexicon: Lexicon
    forest: list[np.ndarray]
    network: dict[str, np.ndarray]

    def beliefs(self, one: Sample) -> np.ndarray:
        context = Context(one.text)
        belief = np.zeros(context.n)
        if len(context.read):
            table = features.table(context, one.clues, self.lexicon)
            belief[context.read] = model.judged(Forest(*self.forest), Network(self.network), table, context)
        return belief


def learn(samples: list[Sample]) -> Learned:
    """Both learn from pages as they will meet them: by a lexicon that knows nothing of their sites."""
    part = by_site(samples, INNER, 1)
    contexts = [Context(one.text) for one in samples]
    tables: list[Any] = [None] * len(samples)
    for inner in range(INNER):
        lexicon = learn_lexicon([one for one, p in zip(samples, part, strict=True) if p != inner])
        for i in (i for i, p in enumerate(part) if p == inner):
            tables[i] = features.table(contexts[i], samples[i].clues, lexicon).T
    labels = [one.labels[context.read] for one, context in zip(samples, contexts, strict=True)]
    weight = [weights(one)[context.read] for one, context in zip(samples, contexts, strict=True)]
    x, y, w = (np.concatenate(arrays) for arrays in (tables, labels, weight))
    booster = lightgbm.train(FOREST, lightgbm.Dataset(x[w > 0], y[w > 0], weight=w[w > 0]), TREES)
    return Learned(learn_lexicon(samples), exported(booster), body_network.learn(tables, contexts, labels, weight))


def report(samples: list[Sample], save: Path | None) -> None:
    part = by_site(samples, FOLDS, 0)
    beliefs: list[Any] = [None] * len(samples)
    for fold in range(FOLDS):
        learned = learn([one for one, p in zip(samples, part, strict=True) if p != fold])
        for i in (i for i, p in enumerate(part) if p == fold):
            beliefs[i] = learned.beliefs(samples[i])
        print(f"fold {fold + 1} of {FOLDS}", flush=True)
    for name in SETS:
        counts, exact, pieces = [], [], Counter()
        for one, belief in zip(samples, beliefs, strict=True):
            if one.set != name:
                continue
            text = "\n".join(s.text for s, keep in zip(one.text.segments, belief > model.KEEP, strict=True) if keep)
            if one.truths:
                truth = max(one.truths, key=lambda truth, text=text: overlap([text], [1], truth))  # type: ignore[misc]
                got, want = shingles(TOKEN.findall(text)), shingles(TOKEN.findall(truth))
                both = sum((got & want).values())
                counts.append((both / max(1, sum(got.values())), both / max(1, sum(want.values()))))
                exact.append(TOKEN.findall(text) == TOKEN.findall(truth))
            flat = " ".join(text.split())
            for label, parts in zip("io", one.pieces, strict=True):
                pieces.update(label + str(" ".join(piece.split()) in flat)[0] for piece in parts)
        if counts:
            p, r = (statistics.fmean(column) for column in zip(*counts, strict=True))
            print(f"{name}: {len(counts)} pages, F1 {2 * p * r / (p + r):.4f} P {p:.4f} R {r:.4f}", end=" ")
            print(f"exact {statistics.fmean(exact):.3f}")
        if pieces:
            p, r = (pieces["iT"] / max(1, pieces["iT"] + pieces[other]) for other in ("oT", "iF"))
            print(f"{name}: snippets F1 {2 * p * r / (p + r):.4f} P {p:.4f} R {r:.4f}")
    if save:
        import pickle

        save.write_bytes(
            pickle.dumps([(one.set, one.url, belief) for one, belief in zip(samples, beliefs, strict=True)])
        )


def exported(booster: lightgbm.Booster) -> list[np.ndarray]:
    """feature, threshold, mask, value for `Forest`."""
    trees = []
    for info in booster.dump_model()["tree_info"]:
        conditions: list[Any] = []
        values: list[float] = []

        def walk(node: dict[str, Any], conditions: list[Any] = conditions, values: list[float] = values) -> int:
            if "leaf_value" in node:
                values.append(node["leaf_value"])
                return 1 << (len(values) - 1)
            at = len(conditions)
            conditions.append(None)
            left = walk(node["left_child"])
            threshold = np.float32(node["threshold"])
            if float(threshold) > node["threshold"]:
                threshold = np.nextafter(threshold, np.float32(-np.inf))
            conditions[at] = node["split_feature"], threshold, 0xFFFFFFFF & ~left
            return left | walk(node["right_child"])

        walk(info["tree_structure"])
        trees.append((conditions, values))
    width, leaves = max(len(c) for c, _ in trees), max(len(v) for _, v in trees)
    feature = np.zeros((len(trees), width), np.uint16)
    threshold = np.full((len(trees), width), np.inf, np.float32)
    mask = np.full((len(trees), width), 0xFFFFFFFF, np.uint32)
    value = np.zeros((len(trees), leaves), np.float32)
    for i, (conditions, values) in enumerate(trees):
        for k, condition in enumerate(conditions):
            feature[i, k], threshold[i, k], mask[i, k] = condition
        value[i, : len(values)] = values
    return [feature, threshold, mask, value]


def write(samples: list[Sample], folder: Path) -> None:
    learned = learn(samples)
    trees = dict(zip(("feature", "threshold", "mask", "value"), learned.forest, strict=True))
    np.savez_compressed(folder / "body_trees.npz", **trees)
    np.savez_compressed(folder / "body_network.npz", **learned.network)
    tables = {name: getattr(learned.lexicon, name) for name in MIN_SITES}
    text = json.dumps(tables, ensure_ascii=False, indent=0, sort_keys=True)
    (folder / "body_words.json").write_text(text + "\n", encoding="utf-8")


def rows(data: Path) -> list[dict[str, Any]]:
    out = []
    for name in SETS:
        with lzma.open(data / f"{name}.jsonl.xz", "rt", encoding="utf-8") as file:
            out += [{**json.loads(line), "set": name} for line in file]
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--report", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--save", type=Path, help="pickle the report's beliefs there")
    options = parser.parse_args()
    with ProcessPoolExecutor(2) as pool:
        samples = [one for one in pool.map(sample, rows(options.data), chunksize=16) if one]
    print(f"{len(samples)} pages, {len({one.site for one in samples})} sites", flush=True)
    if options.report:
        report(samples, options.save)
    if options.write:
        write(samples, Path(model.__file__).parent)


if __name__ == "__main__":
    main()
