"""Logs: one JSON object per line, in UTC, with ids and never with what people wrote."""

from __future__ import annotations

import logging
import logging.config
import re
from typing import Any

import structlog
from django.utils.crypto import salted_hmac

# Stands on every line, empty where there is nothing to say.
ALWAYS = ("ts", "level", "event", "request_id", "tenant_id", "user_pseudonym")
# What else a line may carry; anything more is dropped, so text cannot slip into a log.
ALLOWED = {*ALWAYS, "logger", "job", "kind", "count", "exception"}
OURS = ("est_site", "incidents", "situation", "interventions", "reviews")
# What a library says about a request it turned away quotes the request.
QUOTING = ("django.security", "django.request", "django.server")
PLAIN = re.compile(r"[^%{}@<>\"'=/\\]{1,120}")


def bind(*, user_id: int | None = None, group_id: int | None = None) -> None:
    """From here to the end of the request each line says who and where: a pseudonym and the group's id."""
    if user_id is not None:
        structlog.contextvars.bind_contextvars(user_pseudonym=pseudonym(user_id))
    if group_id is not None:
        structlog.contextvars.bind_contextvars(tenant_id=group_id)


def pseudonym(user_id: int) -> str:
    """The same person is the same word in every line; only who holds the installation's secret can tell which."""
    return salted_hmac("est_site.logs", str(user_id), algorithm="sha256").hexdigest()[:16]


def _only_allowed(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    head = {key: event.get(key) for key in ALWAYS}
    return head | {key: value for key, value in event.items() if key in ALLOWED}


def _frames_only(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """An exception as its type and places: messages may quote data."""
    info = event.pop("exc_info", None)
    if info:
        kind, _error, trace = info if isinstance(info, tuple) else (type(info), info, info.__traceback__)
        places = []
        while trace is not None:
            code = trace.tb_frame.f_code
            places.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno} {code.co_name}")
            trace = trace.tb_next
        event["exception"] = {"type": kind.__name__ if kind else "", "at": places[-12:]}
    return event


def _message_without_arguments(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Third parties format user data into their messages; their template alone is enough.

    One that is already formatted when it comes here cannot be told from its data: its origin stands for it.
    """
    record = event.get("_record")
    if record is not None and record.name.split(".")[0] not in OURS:
        event["event"] = _template(record, event["event"])
    return event


def _template(record: logging.LogRecord, formatted: str) -> str:
    message = str(record.msg)
    if record.name.startswith(QUOTING):
        return f"{record.name} {getattr(record, 'status_code', '')}".strip()
    if message != formatted or PLAIN.fullmatch(message):
        return message[:200]
    return record.name


def configure(config: dict[str, Any]) -> None:
    """Django's LOGGING_CONFIG: send everything through one JSON formatter on standard error."""
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="ts"),
    ]
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": shared,
        "processors": [
            _message_without_arguments,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _frames_only,
            _only_allowed,
            structlog.processors.JSONRenderer(ensure_ascii=True),
        ],
    }
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"json": formatter},
            "handlers": {"err": {"class": "logging.StreamHandler", "formatter": "json"}},
            "root": {"handlers": ["err"], "level": config.get("level", "INFO")},
            "loggers": {
                "fontTools": {"level": "WARNING"},
                "pikepdf": {"level": "WARNING"},
                "weasyprint": {"level": "ERROR"},
            },
        }
    )
