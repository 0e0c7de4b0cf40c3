from __future__ import annotations

import json
from typing import Any

import pytest
from lxml import html as lxml_html

from aggregator.extraction import payloads

FILL = "The dam above Halden has held through the night. " * 10
VALUE: dict[str, Any] = {"story": {"title": "Dams hold", "body": f'{FILL} "Nobody was hurt", said O\'Hara.'}}
JSON = json.dumps(VALUE)
QUOTED = JSON.replace("\\", "\\\\").replace("'", "\\'")


def read(html: str) -> list[payloads.Payload]:
    return list(payloads.read(lxml_html.fromstring(f"<html><body>{html}</body></html>").iter("script")))


@pytest.mark.parametrize(
    ("html", "name"),
    [
        (f'<script id="__NEXT_DATA__" type="application/json">{JSON}</script>', "__NEXT_DATA__"),
        (f"<script>window.__PRELOADED_STATE__ = {JSON};</script>", "window.__PRELOADED_STATE__"),
        (f"<script>var a={{b:1}};window['__site__']={JSON};start()</script>", "__site__"),
        (f"<script>Fusion.globalContent={JSON};Fusion.spa=true</script>", "Fusion.globalContent"),
        (f"<script>window.__STATE__ = JSON.parse({json.dumps(JSON)})</script>", "window.__STATE__"),
        (f"<script>window.__STATE__ = JSON.parse('{QUOTED}')</script>", "window.__STATE__"),
    ],
)  # fmt: skip
def test_json_wherever_it_stands(html: str, name: str) -> None:
    assert read(html) == [(name, VALUE)]


def test_objects_as_javascript_writes_them() -> None:
    story = f"{{title: 'Dams hold', 'body': \"{FILL}\", open: !0, none: void 0, ids: [1, .5]}}"
    (found,) = read(f"<script>window.__DATA__ = {{story: {story}}};</script>")
    assert found.value["story"] == {"title": "Dams hold", "body": FILL, "open": True, "none": None, "ids": [1, 0]}


def test_what_follows_an_object_in_javascript_is_read_too() -> None:
    (first, second) = read(f"<script>var config={{a: '{FILL}'}};window.__STATE__={JSON};</script>")
    assert (first.name, second) == ("config", ("window.__STATE__", VALUE))


def test_so_much_code_is_read_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payloads, "MAX_CODE", 3 * len(FILL))
    names = [f"part{number}" for number in range(9)]
    scripts = "".join(f"<script>{name}={{a: '{FILL}'}};{name}_json={JSON}</script>" for name in names)
    assert [found.name for found in read(scripts)] == [
        "part0", "part0_json", "part1", *(f"{name}_json" for name in names[1:]),
    ]  # fmt: skip


def test_a_function_called_where_it_stands() -> None:
    text = f'window.__NUXT__=(function(a,b){{return {{data:[{{title:a,body:"{FILL}",by:b}}]}}}}("Dams hold",null));'
    assert read(f"<script>{text}</script>")[0].value == {"data": [{"title": "Dams hold", "body": FILL, "by": None}]}


def test_a_flat_list_of_places_is_unfolded() -> None:
    flat = [["Reactive", 1], {"data": 2}, [3], {"title": 4, "body": 5}, "Dams hold", FILL]
    found = read(f'<script id="__NUXT_DATA__" type="application/json">{json.dumps(flat)}</script>')
    assert found[0].value == [{"data": [{"title": "Dams hold", "body": FILL}]}]


def test_pushed_rows_are_put_together() -> None:
    text = "Was das Wehr hält. " + FILL
    rows = f'1:["$","article",null,{{"children":"Dams hold","body":"$2"}}]\n2:T{len(text.encode()):x},{text}'
    half = len(rows) // 2
    scripts = "".join(
        f"<script>self.__next_f.push([1,{json.dumps(part)}])</script>" for part in (rows[:half], rows[half:])
    )
    (found,) = read(scripts)
    assert found.name == "__next_f"
    assert found.value["1"][3]["body"] == text


def test_json_ld_scripts_and_programs_are_left_out() -> None:
    program = "function start(){var state={};" + "state.count=state.count+1;" * 30 + "}"
    assert read(f'<script type="application/ld+json">{JSON}</script><script>{program}</script>') == []


@pytest.mark.parametrize(
    "start", ["window.__STATE__ = {", "window.__STATE__ = [[", "window.__STATE__=(function(a){return {"]
)
def test_what_is_broken_is_no_data(start: str) -> None:
    assert read(f"<script>{start}{'x' * 500}</script>") == []
