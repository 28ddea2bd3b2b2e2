"""A server on this machine that says what a test wants, to whoever comes."""

import socket
import threading
from collections.abc import Callable

Talk = Callable[[socket.socket], None]


class Listener:
    """A server on this machine that counts who comes, and says what `talk` says."""

    def __init__(self, talk: Talk) -> None:
        self.hits = 0
        self.heard: list[bytes] = []
        self._talk = talk
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                guest, _ = self._socket.accept()
            except OSError:
                return
            self.hits += 1
            threading.Thread(target=self._host, args=(guest,), daemon=True).start()

    def _host(self, guest: socket.socket) -> None:
        with guest:
            try:
                self.heard.append(guest.recv(65536))
                self._talk(guest)
            except OSError:
                return

    @property
    def near(self) -> set[tuple[str, int]]:
        """What an operator would allow."""
        return {("127.0.0.1", self.port)}

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}/"

    def close(self) -> None:
        """Take no more guests."""
        self._socket.close()


def fine(guest: socket.socket) -> None:
    """Say hi, properly."""
    guest.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
