"""The published schema is the one that the code stands for, and the lines keep to it."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from aggregator import lines, schema
from aggregator.items import Article, Block

VALIDATOR = Draft202012Validator(schema.schema())


def line(**values: Any) -> dict[str, Any]:
    return json.loads(lines.encode(Article(**values)))  # type: ignore[no-any-return]


def test_the_kept_file_is_current() -> None:
    assert schema.FILE.read_text("utf-8") == schema.text(), "run `make schema`"


def test_keys_stand_in_the_order_of_the_article() -> None:
    assert list(schema.schema()["properties"]) == [field.name for field in fields(Article)]


def test_a_line_is_valid() -> None:
    VALIDATOR.validate(line(title="Dams hold", blocks=[Block("heading", "Dams", level=2)], authors=[]))


@pytest.mark.parametrize("fault", [{"title": 3}, {"kind": "listing"}, {"blocks": [{"type": "song", "text": ""}]}])
def test_a_wrong_value_is_not(fault: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        VALIDATOR.validate(line() | fault)


def test_a_missing_key_is_not() -> None:
    short = line()
    del short["source"]
    with pytest.raises(ValidationError):
        VALIDATOR.validate(short)
