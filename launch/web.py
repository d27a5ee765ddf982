"""The web server: one ASGI process on a socket that it is given or takes itself."""

import socket

import uvicorn

from launch import ports
from launch.environment import host, web_port

# Open event streams of the desk never end by themselves; browsers reconnect.
GRACE_SECONDS = 2


def serve(*, fd: int | None = None) -> None:
    """Serve until SIGTERM or Ctrl-C; `fd` is a listening socket inherited from the supervisor."""
    sock = socket.socket(fileno=fd) if fd is not None else ports.listen(host(), web_port(), variable="PORT")
    config = uvicorn.Config(
        "config.asgi:application",
        lifespan="off",
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=True,
        timeout_graceful_shutdown=GRACE_SECONDS,
        backlog=2048,
    )
    uvicorn.Server(config).run(sockets=[sock])
