"""URLs: the form that is written, and the key that tells whether two of them are one page."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import unquote_plus, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

from aggregator import rules

MAX_LENGTH = 4096
_PORTS = {"http": 80, "https": 443}
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?;]*", re.I)
_HOST = re.compile(r"[\w-]+(\.[\w-]+)*|[\da-f:.]+", re.A)
_WORDS = re.compile(r"[^\W_]+")
_PICTURE_SIZE = re.compile(
    r"(?:[-_](?:\d{2,4}x\d{2,4}|v?\d{1,2}[x_]\d{1,2}_\d{2,4}|scaled|\d{3,4}w|w\d{3,4}|large|medium|small|thumb(?:nail)?)){1,3}"
    r"(?=\.\w+$|$)|-e\d{8,}(?=\.)|^\d{2,4}x\d{2,4}[-_]|-\d{3,4}x(?=\.\w+$)"
)


def clean(url: str) -> str | None:
    """The URL as it is written to an article, or None where it is not http(s), is broken, or exceeds MAX_LENGTH.

    >>> clean("HTTPS://News.example:443/a/../story?utm_source=feed&id=7#top")
    'https://news.example/story?id=7'
    """
    if len(url) > MAX_LENGTH:
        return None
    try:
        parts = urlsplit(_canonical(url.strip()))
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:  # UnicodeError among them
        return None
    if parts.scheme not in _PORTS or not _HOST.fullmatch(host):
        return None
    netloc = f"[{host}]" if ":" in host else host
    if port and port != _PORTS[parts.scheme]:
        netloc += f":{port}"
    query = _kept(parts.query, lambda name, _: not _is_tracking(name, host))
    return urlunsplit((parts.scheme, netloc, _SESSION.sub("", parts.path) or "/", query, ""))


def _canonical(url: str) -> str:
    """w3lib's form, decoded as often as it takes: `%2541` becomes `%41`, and that `A`."""
    for _ in range(4):
        before, url = url, canonicalize_url(url)
        if url == before:
            return url
    raise ValueError(f"encoded too many times: {url!r}")


@lru_cache(maxsize=1024)
def key(url: str) -> str:
    """Equal for the addresses of one page: scheme, www, phone, AMP and print editions and tracking make no difference.

    Every other query parameter does. Where `url` is none, the key is `url` itself.

    >>> key("http://m.news.example/story/amp/?utm_source=feed&id=7")
    'news.example/story?id=7'
    """
    cleaned = clean(url)
    if cleaned is None:
        return url
    parts = urlsplit(cleaned)
    known = rules.load("url_variants")
    query = _kept(parts.query, lambda name, value: value.lower() not in known["params"].get(name, ()))
    return _bare_host(parts.netloc) + _bare_path(parts.path) + (f"?{query}" if query else "")


def host(url: str) -> str:
    """The host that `url` lies on, without www and the like.

    >>> host("https://www.news.example/a")
    'news.example'
    """
    return _bare_host(urlsplit(url).netloc.lower())


def same_site(one: str, other: str) -> bool:
    """Whether two URLs lie on one host or on a host and its subdomain.

    >>> same_site("https://www.news.example/a", "http://live.news.example/b")
    True
    """
    short, long = sorted((host(one), host(other)), key=len)
    return long == short or long.endswith("." + short)


def is_front(url: str) -> bool:
    """Whether nothing in the URL looks like one story: a homepage, a section, a month's archive.

    >>> is_front("https://news.example/politics/"), is_front("https://news.example/politics/dam-holds-at-last")
    (True, False)
    """
    parts = urlsplit(url)
    if re.search(r"\d", parts.query):
        return False
    last = unquote_plus(parts.path).rstrip("/").rpartition("/")[2]
    digits = sum(map(str.isdigit, last))
    return len(_WORDS.findall(last)) < 3 and len(last) < 20 and (digits < 4 or bool(re.fullmatch(r"(19|20)\d\d", last)))


def _kept(query: str, wanted: Callable[[str, str], bool]) -> str:
    """The parameters that are wanted, by lower-case name and value, each spelt as it was."""
    pairs = [(pair, pair.partition("=")) for pair in query.split("&") if pair]
    return "&".join(pair for pair, (name, _, value) in pairs if wanted(unquote_plus(name).lower(), value))


def _is_tracking(name: str, host: str) -> bool:
    known = rules.load("tracking_params")
    site = known["sites"].get(host.removeprefix("www."), {})
    listed = name in known["names"] or name.startswith(tuple(known["prefixes"])) or name in site.get("drop", ())
    return listed and name not in site.get("keep", ())


def _bare_host(netloc: str) -> str:
    for prefix in rules.load("url_variants")["host_prefixes"]:
        if netloc.startswith(prefix) and "." in netloc[len(prefix) :]:
            return _bare_host(netloc[len(prefix) :])
    return netloc


def _bare_path(path: str) -> str:
    known = rules.load("url_variants")
    for prefix in known["path_prefixes"]:
        if path.startswith(prefix) and len(path) > len(prefix):
            path = path[len(prefix) - 1 :]
    while True:
        path = path.rstrip("/")
        ends = [end for end in known["path_suffixes"] if path.endswith(end) and len(path) > len(end)]
        ends += [end for end in known["index_files"] if path.endswith(end)]
        if not ends:
            return path
        path = path[: -len(max(ends, key=len))]


def picture(url: str) -> tuple[str, str]:
    """The folder and the file name of a picture, lower case, without the marks of its size.

    >>> picture("https://a.example/up/2024/dam-1024x768.jpg")
    ('/up/2024', 'dam.jpg')
    """
    folder, _, name = urlsplit(url).path.rstrip("/").lower().rpartition("/")
    return folder, _PICTURE_SIZE.sub("", name)
