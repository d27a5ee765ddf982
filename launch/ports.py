"""Taking a port, and saying in words that somebody else has it."""

import contextlib
import errno
import http.client
import socket


class PortTaken(Exception):
    """The port cannot be listened on; the text names it and its variable."""


def listen(host: str, port: int, *, variable: str) -> socket.socket:
    """A listening socket for children to inherit: while one restarts, its callers wait."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
        sock.listen(2048)
    except OSError as error:
        sock.close()
        raise PortTaken(_words(host, port, variable, error)) from error
    return sock


def check_free(host: str, port: int, *, variable: str) -> None:
    """Raise PortTaken when a child would not be able to listen on the port."""
    listen(host, port, variable=variable).close()


def answers(host: str, port: int) -> bool:
    """Whether somebody accepts connections on the port."""
    with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=1):
        return True
    return False


def _words(host: str, port: int, variable: str, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Порт {port} уже занят: возможно, Отклик уже запущен. "
            f"Остановите ту программу или выберите другой порт: {variable}={port + 10} otklik up"
        )
    return f"Нельзя слушать {host}:{port} ({error.strerror}). Выберите другой порт в переменной {variable}."


def healthy(port: int) -> bool:
    """Whether the web server on this machine says that it is alive."""
    request = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
    try:
        request.request("GET", "/healthz", headers={"Host": "localhost"})
        return request.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        request.close()
