"""Keeps secrets out of logs, whoever writes the line."""

import logging
import re

# A quoted value is taken to its closing quote, so a secret with spaces or escaped quotes does not peep out.
_SECRET = re.compile(
    r"(?i)(access_token|secret_key|secret|password|authorization|csrfmiddlewaretoken)"
    r"""(["']?\s*[=:]\s*)("(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|(?:bearer\s+)?[^\s&"',}]+)"""
)


def masked(line: str) -> str:
    """The line with the values of tokens, secrets and passwords replaced by dots, and fit to be written.

    A lone surrogate out of a stranger's text would break the writing of the line: it is shown as its escape.
    """
    return _SECRET.sub(_dots, line).encode("utf-8", "backslashreplace").decode()


def _dots(found: re.Match[str]) -> str:
    name, between, value = found.groups()
    quote = value[0] if value[0] in "\"'" else ""
    return f"{name}{between}{quote}•••{quote}"


class MaskSecrets(logging.Filter):
    """Masks the finished line: arguments and traceback text are as dangerous as the format."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = masked(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = masked(logging.Formatter().formatException(record.exc_info))
        return True
