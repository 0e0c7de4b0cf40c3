"""The JSON Schema of an output line, made from the dataclasses: `python -m aggregator.schema` writes it to its file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import msgspec

from aggregator.items import NOT_ARTICLES, SCHEMA_VERSION, Article, Kind

FILE = Path(__file__).parents[1] / "schema" / "article.schema.json"

_SPARSE = ("Block", "Evidence")
"""Objects that leave out the keys that do not apply; all others have all their keys."""


def schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of one line."""
    definitions = msgspec.json.schema(Article)["$defs"]
    for name, definition in definitions.items():
        for described in definition["properties"].values():
            described.pop("default", None)
        if name not in _SPARSE:
            definition["required"] = list(definition["properties"])
    article = definitions.pop("Article")
    article["properties"]["kind"]["enum"] = [kind for kind in get_args(Kind) if kind not in NOT_ARTICLES]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **article,
        "description": f"One line of the output, schema version {SCHEMA_VERSION}.",
        "$defs": definitions,
    }


def text() -> str:
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(text(), encoding="utf-8")
