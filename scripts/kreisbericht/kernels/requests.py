"""What a client asks of the zygote: one kernel. A message of JSON with three handles: lifeline, output, errors."""

from __future__ import annotations

import array
import json
import os
import socket
from dataclasses import dataclass, replace

BIGGEST = 1 << 20  # bytes of a request, most of it the environment


@dataclass(frozen=True)
class Request:
    """A kernel to make: ipykernel's arguments, its folder and environment, the lifeline and output to the client."""

    arguments: list[str]
    folder: str
    env: dict[str, str]
    lifeline: socket.socket
    outputs: tuple[int, int]
    stack: int = -1  # file for ``faulthandler``, shared with the guardian

    def with_stack(self, stack: int) -> Request:
        return replace(self, stack=stack)

    def close(self) -> None:
        """Let go of the handles, once another process has them."""
        self.lifeline.close()
        for handle in self.outputs:
            os.close(handle)


def send_request(control: socket.socket, lifeline: socket.socket, **request: object) -> None:
    """Ask for a kernel; OSError if the zygote is gone or the request is too long for it."""
    handles = array.array("i", [lifeline.fileno(), 1, 2])
    control.sendmsg([json.dumps(request).encode()], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, handles)])


def receive_request(control: socket.socket) -> Request | None:
    """The next kernel asked for; None when the client is gone."""
    data, handles, _, _ = socket.recv_fds(control, BIGGEST, 3)
    if not data:
        return None
    lifeline, *outputs = handles
    return Request(**json.loads(data), lifeline=socket.socket(fileno=lifeline), outputs=(outputs[0], outputs[1]))
