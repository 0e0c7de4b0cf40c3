from __future__ import annotations

from collections.abc import Callable

from aggregator.items import Article, Block
from aggregator.pipelines.strip_boilerplate import StripBoilerplate


def test_what_is_cut_is_kept_with_its_rule(article: Callable[..., Article]) -> None:
    blocks = [
        Block("paragraph", "The reservoir above Halden stayed within its limits."),
        Block("paragraph", "Engineers had opened both spillways on Friday night."),
        Block("paragraph", "This story originally appeared on The Valley Courier."),
    ]
    stripped = StripBoilerplate().process_item(article(1, blocks=blocks, text="\n\n".join(b.text for b in blocks)))
    assert stripped.text == "\n\n".join(block.text for block in blocks[:2])
    assert [removed.text for removed in stripped.removed] == ["This story originally appeared on The Valley Courier."]
    assert stripped.removed[0].rule
