"""What a partner's system would notice when one OpenAPI document took the place of another. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Document = dict[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")
AT_MOST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
AT_LEAST = ("minimum", "exclusiveMinimum", "minLength", "minItems")


def breaking(old: Document, new: Document) -> list[str]:
    """What was removed or narrowed, each as a sentence."""
    return list(_operations(old, new))


def _operations(old: Document, new: Document) -> Iterator[str]:
    for path, methods in old["paths"].items():
        for method in METHODS:
            before, after = methods.get(method), new["paths"].get(path, {}).get(method)
            where = f"{method.upper()} {path}"
            if before is None:
                continue
            if after is None:
                yield f"{where} is gone"
                continue
            compare = _Comparison(old, new)
            yield from compare.parameters(where, before, after)
            yield from compare.bodies(where, before, after)
            yield from compare.responses(where, before, after)
            if after.get("security", []) != before.get("security", []):
                yield f"{where} asks for another kind of sign-in"
            if after.get("x-scope") != before.get("x-scope"):
                yield f"{where} asks for another scope"


class _Comparison:
    def __init__(self, old: Document, new: Document) -> None:
        self.old, self.new = old, new
        self.seen: set[tuple[str, str, bool]] = set()

    def parameters(self, where: str, before: Document, after: Document) -> Iterator[str]:
        was = {(one["in"], one["name"]): one for one in before.get("parameters", [])}
        now = {(one["in"], one["name"]): one for one in after.get("parameters", [])}
        for key, one in was.items():
            if key not in now:
                yield f"{where}: the parameter {key[1]} is gone"
            else:
                yield from self.schema(f"{where}: {key[1]}", one["schema"], now[key]["schema"], sent=True)
        for key, one in now.items():
            if one.get("required") and not was.get(key, {}).get("required"):
                yield f"{where}: the parameter {key[1]} must be there now"

    def bodies(self, where: str, before: Document, after: Document) -> Iterator[str]:
        was, now = before.get("requestBody", {}), after.get("requestBody", {})
        if now.get("required") and not was.get("required"):
            yield f"{where}: there must be a body now"
        yield from self._contents(f"{where}: body", was, now, sent=True)

    def responses(self, where: str, before: Document, after: Document) -> Iterator[str]:
        for status, was in before["responses"].items():
            now = after["responses"].get(status)
            if now is None:
                yield f"{where}: the answer {status} is gone"
            else:
                yield from self._contents(f"{where}: answer {status}", was, now, sent=False)

    def _contents(self, where: str, was: Document, now: Document, *, sent: bool) -> Iterator[str]:
        for kind, content in was.get("content", {}).items():
            if kind not in now.get("content", {}):
                yield f"{where}: {kind} is gone"
            else:
                yield from self.schema(where, content["schema"], now["content"][kind]["schema"], sent=sent)

    def schema(self, where: str, was: Document, now: Document, *, sent: bool) -> Iterator[str]:
        """`sent`: by the partner, who must not be allowed less; else by us, who must not promise less."""
        key = (was.get("$ref", ""), now.get("$ref", ""), sent)
        if all(key[:2]) and key in self.seen:
            return
        self.seen.add(key)
        was, now = _found(self.old, was), _found(self.new, now)
        if "anyOf" in was or "anyOf" in now:
            yield from self._choices(where, was.get("anyOf", [was]), now.get("anyOf", [now]), sent)
            return
        if was.get("type") != now.get("type") or was.get("format") != now.get("format"):
            yield f"{where} was {_kind(was)} and is {_kind(now)}"
            return
        yield from _limits(where, was, now, sent)
        yield from self._properties(where, was, now, sent)
        if "items" in was and "items" in now:
            yield from self.schema(f"{where}[]", was["items"], now["items"], sent=sent)

    def _choices(self, where: str, was: list[Document], now: list[Document], sent: bool) -> Iterator[str]:
        before = {_kind(_found(self.old, one)): one for one in was}
        after = {_kind(_found(self.new, one)): one for one in now}
        fewer = set(before) - set(after) if sent else set(after) - set(before)
        yield from (f"{where} {'may no longer be' if sent else 'may also be'} {kind}" for kind in sorted(fewer))
        for kind in sorted(set(before) & set(after)):
            yield from self.schema(where, before[kind], after[kind], sent=sent)

    def _properties(self, where: str, was: Document, now: Document, sent: bool) -> Iterator[str]:
        before, after = was.get("properties", {}), now.get("properties", {})
        for name, one in before.items():
            if name not in after:
                yield f"{where}.{name} is gone"
            else:
                yield from self.schema(f"{where}.{name}", one, after[name], sent=sent)
        needed, needs = set(was.get("required", ())), set(now.get("required", ()))
        if sent:
            yield from (f"{where}.{name} must be there now" for name in sorted(needs - needed))
        else:
            yield from (f"{where}.{name} is not always there now" for name in sorted((needed - needs) & set(after)))
        if sent and was.get("additionalProperties", True) and now.get("additionalProperties") is False:
            yield f"{where} refuses what it does not know now"


def _limits(where: str, was: Document, now: Document, sent: bool) -> Iterator[str]:
    if not sent:
        return
    for name in AT_MOST:
        if name in now and now[name] < was.get(name, float("inf")):
            yield f"{where}: {name} is {now[name]}, was {was.get(name, 'without limit')}"
    for name in AT_LEAST:
        if name in now and now[name] > was.get(name, float("-inf")):
            yield f"{where}: {name} is {now[name]}, was {was.get(name, 'without limit')}"
    if "pattern" in now and now["pattern"] != was.get("pattern"):
        yield f"{where} must look otherwise now"
    values, allowed = _values(was), _values(now)
    if allowed is not None:
        gone = [] if values is None else [value for value in values if value not in allowed]
        yield from (f"{where} may no longer be {value!r}" for value in gone)
        if values is None:
            yield f"{where} is one of a list now"


def _values(schema: Document) -> list[Any] | None:
    return [schema["const"]] if "const" in schema else schema.get("enum")


def _found(document: Document, schema: Document) -> Document:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        found: Document = document["components"]["schemas"][name]
        return found
    return schema


def _kind(schema: Document) -> str:
    return " ".join(str(schema[name]) for name in ("type", "format") if name in schema)
