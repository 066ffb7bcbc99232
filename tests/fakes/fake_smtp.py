"""A mail server on a real socket that does what a test tells it, well or badly."""

from __future__ import annotations

import socket
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import BinaryIO


@dataclass
class FakeSmtp:
    """One server.

    Attributes:
        rcpt, data: Its replies to RCPT and at the end of a mail.
        go_on: Its reply to DATA, "" where it hangs up instead.
        is_silent_at_rcpt: It leaves RCPT without an answer.
        was_asked: It was asked what it leaves without an answer.
        is_silent_at_the_end: It leaves good-byes without an answer for long.
        drops_after_data: It takes the mail and hangs up without a word.
        greeting: What it says first.
        extensions: What it offers besides logging in.
        login: Its reply to logging in; "" for right or wrong, by the password.
        byte_pause_s: Between the bytes of what it says.
        password: What it wants, "" where nobody has to log in.
        mails: What it took, in order.
        logins: How often somebody tried.
    """

    port: int = 0
    rcpt: str = "250 ok"
    data: str = "250 taken"
    go_on: str = "354 go on"
    drops_after_data: bool = False
    is_silent_at_rcpt: bool = False
    is_silent_at_the_end: bool = False
    was_asked: threading.Event = field(default_factory=threading.Event)
    greeting: str = "220 mail.example ESMTP"
    extensions: tuple[str, ...] = ("SMTPUTF8", "8BITMIME")
    login: str = ""
    byte_pause_s: float = 0.0
    password: str = ""
    mails: list[EmailMessage] = field(default_factory=list)
    logins: int = 0

    def talk(self, connection: socket.socket) -> None:
        """One conversation, until the other side or this one hangs up."""
        with connection.makefile("rb") as lines:
            self._say(connection, self.greeting)
            for raw in lines:
                command = raw.decode("utf-8", "replace").strip()
                answer = self._answer(connection, command, lines)
                if answer:
                    self._say(connection, answer)
                if not answer or command.upper() == "QUIT":
                    return

    def _answer(self, connection: socket.socket, command: str, lines: BinaryIO) -> str:
        """The reply to a command, "" where it hangs up instead."""
        verb = command.split(" ")[0].upper()
        if verb == "EHLO":
            return "\r\n".join(
                ["250-mail.example", *(f"250-{one}" for one in self.extensions), "250 AUTH PLAIN"]
            )
        if verb == "AUTH":
            self.logins += 1
            if self.login:
                return self.login
            return "235 welcome" if command.endswith(_plain(self.password)) else "535 no"
        if verb == "QUIT" and self.is_silent_at_the_end:
            self.was_asked.set()
            connection.recv(1)  # until the other side hangs up
            return ""
        if verb == "RCPT" and self.is_silent_at_rcpt:
            self.was_asked.set()
            connection.recv(1)
            return ""
        if verb == "RCPT":
            return self.rcpt
        if verb == "DATA":
            if not self.go_on:
                return ""
            self._say(connection, self.go_on)
            self._take(lines)
            return "" if self.drops_after_data else self.data
        return {"QUIT": "221 bye", "STARTTLS": "502 not here"}.get(verb, "250 ok")

    def _say(self, connection: socket.socket, text: str) -> None:
        line = text.encode() + b"\r\n"
        if not self.byte_pause_s:
            connection.sendall(line)
            return
        for place in range(len(line)):
            connection.sendall(line[place : place + 1])
            time.sleep(self.byte_pause_s)

    def _take(self, lines: BinaryIO) -> None:
        content = b""
        for line in lines:
            if line == b".\r\n":
                break
            content += line[1:] if line.startswith(b"..") else line
        if self.data.startswith("2"):
            self.mails.append(message_from_bytes(content, policy=policy.default))


def _plain(password: str) -> str:
    return b64encode(f"\0crm\0{password}".encode()).decode()


@contextmanager
def fake_smtp() -> Iterator[FakeSmtp]:
    """Runs one on a port of its own until the test is over."""
    server = FakeSmtp()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server.port = listening.getsockname()[1]
        serving = threading.Thread(target=_serve, args=(listening, server), name="fake-smtp")
        serving.start()
        try:
            yield server
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            serving.join()


def _serve(listening: socket.socket, server: FakeSmtp) -> None:
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        with connection:
            connection.settimeout(10)
            try:
                server.talk(connection)
            except OSError:
                continue
