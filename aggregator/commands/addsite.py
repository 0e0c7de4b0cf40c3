"""`scrapy addsite`: a spider, its fixtures and a passing test for a new site."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from importlib import import_module
from importlib.resources import files
from keyword import iskeyword
from pathlib import Path
from string import Template

from scrapy.commands import ScrapyCommand
from scrapy.settings import Settings

from aggregator.commands import check_arguments, examples, fail, host_of


class Command(ScrapyCommand):
    requires_project = True
    requires_crawler_process = False
    settings: Settings

    def syntax(self) -> str:
        return "[options] URL"

    def short_desc(self) -> str:
        return "Write a spider for a new site, save some of its pages as fixtures and test it"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--name", help="the spider's name (default: from the host)")
        parser.add_argument("--articles", metavar="N", type=int, default=3, help="articles to save (default: 3)")
        examples(
            parser, "scrapy addsite https://www.a.example/", "scrapy addsite https://a.example/sport --name a_sport"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        check_arguments(args, 1, 1)
        url, host = args[0], host_of(args[0])
        name = opts.name or name_of(host)
        if not name.isidentifier() or iskeyword(name):
            fail(f"{name!r} cannot name a spider; give another: --name NAME", 2)
        package = import_module(self.settings["NEWSPIDER_MODULE"])
        file = Path(next(iter(package.__path__))) / f"{name}.py"
        if file.exists():
            fail(f"there is a spider {name} already: {file}", 2)
        file.write_text(spider(name, url, host), encoding="utf-8")
        if _scrapy("capture", url, "--site", name, "--articles", str(opts.articles), *_settings(opts)):
            file.unlink()
            fail(f"no spider written: nothing could be captured from {url}")
        print(f"spider: {file}")
        self.exitcode = _scrapy("replay", name, *_settings(opts))


def name_of(host: str) -> str:
    """
    >>> name_of("www.valley-courier.example"), name_of("news.bbc.co.uk"), name_of("24ur.com")
    ('valley_courier', 'news_bbc_co', 'site_24ur')
    """
    name = re.sub(r"\W+", "_", host.removeprefix("www.").rpartition(".")[0] or host).strip("_").lower()
    return f"site_{name}" if not name or name[0].isdigit() else name


def spider(name: str, url: str, host: str) -> str:
    """The text of the spider's module."""
    template = Template(files("aggregator").joinpath("templates", "spider.py.tmpl").read_text(encoding="utf-8"))
    words = re.findall(r"[^\W_]+", name)
    return template.substitute(
        title=host.removeprefix("www."), name=name, url=url, **{"class": "".join(word.capitalize() for word in words)}
    )


def _settings(opts: argparse.Namespace) -> list[str]:
    return [part for setting in opts.set for part in ("-s", setting)]


def _scrapy(*arguments: str) -> int:
    """Another process, because this one has loaded its spiders already."""
    return subprocess.run([sys.executable, "-m", "scrapy", *arguments], env=os.environ, check=False).returncode
