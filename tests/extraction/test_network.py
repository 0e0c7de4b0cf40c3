from __future__ import annotations

import lxml.html
import numpy as np
import pytest

from aggregator.extraction import blocks, features, lexicon, model, network
from aggregator.extraction.sheet import Context

LINKS = "<ul>" + "".join(f"<li><a href=/{i}>Another story of the valley, {i}</a>" for i in range(8)) + "</ul>"
STORY = (
    "<article><p>The harbour lost its crane in the night.<p>It fell on the quay, they say.<h2>The quay</h2>"
    "<p>It was built for coal.</article><footer><p>All rights reserved.</footer>"
)


@pytest.fixture
def context() -> Context:
    return Context(blocks.read(lxml.html.document_fromstring(f"<div><nav>{LINKS}</nav></div>{STORY}")))


def test_means_are_over_what_was_read_of_each_place_of_its_like_its_section_and_the_page(context: Context) -> None:
    weight = np.sqrt(context.chars[context.read])
    column = np.array([1, 0, 1, 0, 1], np.float32)
    at, up1, _, _, alike, section, page = network.Around(context).means(column[None, :, None])[0].T
    assert np.allclose(at, column, atol=1e-3)
    assert np.allclose(up1[:4], np.average(column[:4], weights=weight[:4]), atol=1e-3)
    assert np.allclose(alike[[0, 1, 3]], np.average(column[[0, 1, 3]], weights=weight[[0, 1, 3]]), atol=1e-3)
    assert np.allclose(section[2:], np.average(column[2:], weights=weight[2:]), atol=1e-3)
    assert np.allclose(page, np.average(column, weights=weight), atol=1e-3)


def test_each_segment_is_seen_between_its_neighbours() -> None:
    hidden = np.arange(1, 5, dtype=np.float32)[None, :, None]
    assert network._windows(hidden, 3, 1)[0].tolist() == [[0, 1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 0]]
    assert network._windows(hidden, 3, 2)[0].tolist() == [[0, 1, 3], [0, 2, 4], [1, 3, 0], [2, 4, 0]]


def test_several_networks_give_the_mean_of_their_answers(context: Context) -> None:
    arrays = model.arrays("body_network.npz")
    table = features.table(context, features.Clues(), lexicon.learned())
    singly = [
        network.Network({name: array[i : i + 1] if array.ndim == 3 else array for name, array in arrays.items()})
        for i in range(len(arrays["out.bias"]))
    ]
    together = network.Network(arrays)(table, context)
    assert len(singly) > 1
    assert np.allclose(together, np.mean([one(table, context) for one in singly], axis=0), atol=1e-5)
