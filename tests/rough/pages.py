"""The site as a crawler sees it: every page that a link leads to, every form on it, and the routes behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote_from_bytes, urljoin, urlsplit

from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, URLResolver, get_resolver, resolve

Values = list[tuple[str, bytes]]
BOUNDARY = b"a-line-that-nobody-writes"
INVENTED = {"email": "ny.person@example.org", "date": "2026-11-30", "number": "1", "time": "09:30", "tel": "031"}
OF_A_KIND = 2  # pages of one route that are looked at: a meeting may be planned, open or closed
MOMENT = "2026-11-20T16:41"


@dataclass(frozen=True)
class Control:
    name: str
    kind: str  # the input's type, or the element's name
    value: str


@dataclass(frozen=True)
class Form:
    """One form of one page, filled in as a person in a hurry would."""

    route: str
    action: str
    method: str
    multipart: bool
    controls: tuple[Control, ...]

    @property
    def values(self) -> Values:
        return [(c.name, c.value.encode()) for c in self.controls if c.kind != "file"]

    @property
    def files(self) -> list[str]:
        return [c.name for c in self.controls if c.kind == "file"]

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys(c.name for c in self.controls if c.kind != "file" and "csrf" not in c.name))

    def kind(self, name: str) -> str:
        return next(c.kind for c in self.controls if c.name == name)


@dataclass
class _Reader(HTMLParser):
    """Forms and links of a page; a select gives its chosen option or the first that says something."""

    links: list[str] = field(default_factory=list)
    forms: list[tuple[dict[str, str], list[Control]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._select = ""
        self._text = ""

    def _add(self, name: str, kind: str, value: str) -> None:
        if name and self.forms:
            self.forms[-1][1].append(Control(name, kind, value))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {key: value or "" for key, value in attrs}
        if tag == "a" and at.get("href"):
            self.links.append(at["href"])
        elif tag == "form":
            self.forms.append((at, []))
        elif tag == "select":
            self._select = at.get("name", "")
        elif tag == "option" and self._select and (at.get("value") or "selected" in at):
            here = self.forms[-1][1] if self.forms else []
            known = next((n for n, c in enumerate(here) if c.name == self._select), None)
            if known is None:
                self._add(self._select, "select", at.get("value", ""))
            elif at.get("value") and ("selected" in at or not here[known].value):
                here[known] = replace(here[known], value=at["value"])
        elif tag == "textarea":
            self._add(at.get("name", ""), "textarea", "Ett par ord")
        elif tag in ("input", "button"):
            self._control(tag, at)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""

    def _control(self, tag: str, at: dict[str, str]) -> None:
        kind = at.get("type", "text") if tag == "input" else "button"
        name, value = at.get("name", ""), at.get("value", "")
        if kind == "radio":
            here = self.forms[-1][1] if self.forms else []
            known = next((c for c in here if c.name == name), None)
            if known is None:
                self._add(name, kind, value)
            elif "checked" in at:
                here[here.index(known)] = replace(known, value=value)
        elif kind == "checkbox":
            self._add(name, kind, value or "on")
        elif kind == "datetime-local":
            self._add(name, kind, value or MOMENT)
        elif kind == "password":
            self._add(name, kind, "ett-nytt-lösenord-17")
        else:
            self._add(name, kind, value or ("" if kind == "hidden" else INVENTED.get(kind, "Hamnplan")))


def route_of(url: str) -> str:
    """The route an address belongs to, empty when there is none."""
    try:
        return resolve(urlsplit(url).path).route
    except Resolver404:
        return ""


def routes() -> list[str]:
    """Every route of the URLconf, as `resolve` names it."""

    def walk(patterns: Any, prefix: str) -> Iterator[str]:
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, route)
            else:
                yield route

    return list(walk(get_resolver().url_patterns, ""))


@dataclass
class Site:
    """What a person finds by following links: a few addresses for each route, and every form once."""

    pages: dict[str, list[str]] = field(default_factory=dict)
    forms: dict[tuple[str, tuple[str, ...]], Form] = field(default_factory=dict)

    def crawl(self, client: Client, *starts: str) -> Site:
        waiting = list(starts)
        while waiting:
            url = waiting.pop(0)
            route = route_of(url)
            seen = self.pages.setdefault(route, [])
            if not route or url in seen or len(seen) >= OF_A_KIND or "/sign-out" in url:
                continue
            seen.append(url)
            response = client.get(url, follow=True)
            if "html" not in response.get("Content-Type", ""):
                continue
            here = response.redirect_chain[-1][0] if response.redirect_chain else url
            waiting += [urljoin(here, link) for link in self.read(here, response)]
        return self

    def read(self, url: str, response: HttpResponse) -> list[str]:
        reader = _Reader()
        reader.feed(response.content.decode())
        for at, controls in reader.forms:
            action = urljoin(url, at.get("action") or url)
            form = Form(
                route_of(action),
                action,
                at.get("method", "get").lower(),
                "multipart" in at.get("enctype", ""),
                tuple(controls),
            )
            self.forms.setdefault((form.method + " " + form.route, tuple(form.names)), form)
        return reader.links


def unseen_buttons(client: Client, sites: list[Site], slug: str) -> list[Form]:
    """Routes that take a POST and whose form was on no page just now; with an id that may or may not be there."""
    known = {form.route for site in sites for form in site.forms.values()}
    found = []
    for route in routes():
        url = "/" + re.sub(r"<[a-z]+:\w+>", "1", route.replace("<slug:slug>", slug))
        if route in known or "^" in route or client.options(url).headers.get("Allow", "POST").find("POST") < 0:
            continue
        found.append(Form(route, url, "post", False, (Control("version", "hidden", "1"),)))
    return found


def send(client: Client, form: Form, values: Values, files: list[tuple[str, bytes, bytes]] | None = None) -> Any:
    """Submit bytes as a browser without manners would: (name, value) pairs, and (name, file name, content) of files."""
    if form.multipart or files:
        parts = [(b'name="%s"' % name.encode(), value) for name, value in values]
        parts += [(b'name="%s"; filename="%s"' % (name.encode(), called), data) for name, called, data in files or []]
        lines = [b"--%s\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % (BOUNDARY, *part) for part in parts]
        body = b"".join([*lines, b"--%s--\r\n" % BOUNDARY])
        kind = f"multipart/form-data; boundary={BOUNDARY.decode()}"
    else:
        body = b"&".join(b"%s=%s" % (name.encode(), quote(value)) for name, value in values)
        kind = "application/x-www-form-urlencoded"
    if form.method == "get":
        return client.generic("GET", urlsplit(form.action).path, QUERY_STRING=body.decode())
    return client.generic("POST", form.action, body, kind)


def quote(value: bytes) -> bytes:
    return quote_from_bytes(value).encode()


def sentences(response: HttpResponse) -> str:
    """The words of a page without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())
