"""Logs: one JSON object per line, in UTC, with ids and never with what people wrote."""

from __future__ import annotations

import logging
import logging.config
from typing import Any

import structlog

# What a record may carry besides its event; anything else is dropped, so text cannot slip into a log.
ALLOWED = {"event", "level", "logger", "timestamp", "request_id", "tenant_id", "user_pseudonym", "job", "kind"} | {
    "exception",
    "status",
    "path",
    "method",
    "milliseconds",
}


def _only_allowed(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in event.items() if key in ALLOWED or key.startswith("_")}


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
    """Third parties format user data into their messages; their template alone is enough."""
    record = event.get("_record")
    if record is not None and not record.name.startswith(("est_site", "incidents", "situation", "interventions")):
        event["event"] = str(record.msg)[:200]
    return event


def configure(config: dict[str, Any]) -> None:
    """Django's LOGGING_CONFIG: send everything through one JSON formatter on standard error."""
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
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
            "loggers": {"fontTools": {"level": "WARNING"}, "weasyprint": {"level": "ERROR"}},
        }
    )
