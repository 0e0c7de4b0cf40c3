"""An article as one line of strict JSON, and back.

No NaN, no lone surrogates, and nothing that any reader's `splitlines()` takes for an end of line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

import msgspec

from aggregator.items import Article, Block, Copy

T = TypeVar("T")

_KEYS = tuple(field.name for field in fields(Article))
_OPTIONAL = tuple(field.name for field in fields(Block) if field.name not in ("type", "text"))
_LINE_ENDS = {"\u0085": b"\\u0085", "\u2028": b"\\u2028", "\u2029": b"\\u2029"}
_ESCAPES = [(char.encode(), escape) for char, escape in _LINE_ENDS.items()]
_SURROGATES = re.compile("[\ud800-\udfff]")


def encode(record: Article | Copy | Mapping[str, Any]) -> bytes:
    r"""The line, its end included.

    >>> encode({"text": "one\u2028two"})
    b'{"text":"one\\u2028two"}\n'
    """
    if isinstance(record, Article):
        record = {key: getattr(record, key) for key in _KEYS}
        record["blocks"] = [_sparse(block) for block in record["blocks"]]
    try:
        line = msgspec.json.encode(record)
    except UnicodeEncodeError:
        line = msgspec.json.encode(_mended(msgspec.to_builtins(record)))
    for char, escape in _ESCAPES:
        line = line.replace(char, escape)
    return line + b"\n"


def decode(line: bytes, kind: type[T] = Article) -> T:  # type: ignore[assignment]
    """The dataclass that was encoded. Raises msgspec.DecodeError where the line is no JSON, its subclass
    msgspec.ValidationError where the JSON is no `kind`; keys that `kind` lacks are ignored."""
    return msgspec.json.decode(line, type=kind)


def _sparse(block: Block) -> dict[str, Any]:
    optional = {key: value for key in _OPTIONAL if (value := getattr(block, key))}
    return {"type": block.type, "text": block.text, **optional}


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return _SURROGATES.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_mended(key): _mended(item) for key, item in value.items()}
    return [_mended(item) for item in value] if isinstance(value, list) else value
