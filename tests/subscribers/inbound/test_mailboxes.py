"""Looking into a mailbox: a folder on disk, or a mail server on this machine that speaks as much as is needed."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from subscribers.inbound import mailboxes
from subscribers.inbound.acting import Result, receive
from subscribers.models import Bounce, Notice, Subscriber
from tests.factories import make_subscriber
from tests.subscribers.inbound.mails import LIST, bounce_address, leave_address, make_delivery, plain, report

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _inbound(settings: Any) -> None:
    settings.INBOUND_ADDRESS = LIST


def break_at(word: bytes, error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a mail that holds a word meet an error."""

    def receive_or_break(raw: bytes) -> Result:
        if word in raw:
            raise error
        return receive(raw)

    monkeypatch.setattr(mailboxes, "receive", receive_or_break)


# --- A folder -------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    settings.MAILBOX_URL = f"maildir://{tmp_path}"
    return tmp_path


def put(folder: Path, **mails: bytes) -> None:
    for name, raw in mails.items():
        (folder / "new" / name).write_bytes(raw)


def left(folder: Path) -> list[str]:
    return sorted(f"{path.parent.name}/{path.name}" for path in folder.rglob("*") if path.is_file())


def test_without_a_mailbox_there_is_nothing_to_do(settings: Any) -> None:
    settings.MAILBOX_URL = ""

    assert mailboxes.run_once() == 0


def test_machines_mails_are_deleted_and_peoples_stay(folder: Path) -> None:
    kim, delivery = make_subscriber(), make_delivery()
    put(folder, a=report(bounce_address(delivery)), b=plain(leave_address(kim)), c=plain(), d=plain("me@example.net"))

    assert mailboxes.run_once() == 3
    assert mailboxes.run_once() == 0

    assert left(folder) == ["cur/c:2,S", "cur/d:2,S"]
    assert Bounce.objects.count() == Notice.objects.count() == 1


def test_one_bad_mail_is_marked_and_does_not_stop_the_rest(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder, a=plain(body="bad"), b=plain(From="lee@example.org"), c=b"\x00\xff")
    break_at(b"bad", RuntimeError("unforeseen"), monkeypatch)

    assert mailboxes.run_once() == 1

    assert left(folder) == ["cur/a:2,FS", "cur/b:2,S", "cur/c:2,S"]


def test_while_the_database_is_away_every_mail_waits(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder, a=plain(), b=plain(From="lee@example.org"))
    break_at(b"lee", OperationalError("database is locked"), monkeypatch)

    with pytest.raises(OperationalError):
        mailboxes.run_once()

    assert left(folder) == ["cur/a:2,S", "new/b"]


def test_a_folder_that_is_not_there_is_said_and_stops_nothing(folder: Path, caplog: Any) -> None:
    (folder / "new").rmdir()

    assert mailboxes.run_once() == 0
    assert "cannot be read" in caplog.text


def test_a_worker_that_stops_leaves_the_rest(folder: Path) -> None:
    put(folder, a=plain(), b=plain(From="lee@example.org"))

    assert mailboxes.run_once(lambda: Notice.objects.exists()) == 1
    assert left(folder) == ["cur/a:2,S", "new/b"]


def test_a_mail_that_another_worker_took_is_passed_over(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder, a=plain(leave_address(make_subscriber())), b=plain())

    def receive_after_another(raw: bytes) -> Result:
        for path in (folder / "new").iterdir():
            path.unlink()
        return receive(raw)

    monkeypatch.setattr(mailboxes, "receive", receive_after_another)

    assert mailboxes.run_once() == 1
    assert left(folder) == []


# --- A mail server --------------------------------------------------------------------------------------------------


class Server(socketserver.ThreadingTCPServer):
    """Holds mails by number, with their flags; understands what the module says, and nothing else."""

    daemon_threads = True

    def __init__(self, *mails: bytes, capabilities: str = "IMAP4rev1 UIDPLUS") -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.mails, self.flags = dict(enumerate(mails, start=7)), dict.fromkeys(range(7, 7 + len(mails)), "")
        self.capabilities, self.heard = capabilities, list[str]()


class Conversation(socketserver.StreamRequestHandler):
    server: Server

    def handle(self) -> None:
        self.say("* OK ready")
        for line in self.rfile:
            tag, command, *rest = line.decode().rstrip().split(" ", 2)
            words = " ".join(rest)
            self.server.heard.append(f"{command} {words}".strip())
            answer = getattr(self, command.lower())(words) or "OK done"
            self.say(f"{tag} {answer}")

    def say(self, text: str, raw: bytes = b"") -> None:
        self.wfile.write(text.encode() + raw + b"\r\n")

    def capability(self, words: str) -> None:
        self.say(f"* CAPABILITY {self.server.capabilities}")

    def login(self, words: str) -> str:
        return "OK in" if words == 'list@example.org "a b:c"' else "NO [AUTHENTICATIONFAILED] no"

    def select(self, words: str) -> str:
        self.say(f"* {len(self.server.mails)} EXISTS")
        return "OK [READ-WRITE] in" if words == '"INBOX"' else "NO no such mailbox"

    def logout(self, words: str) -> None:
        self.say("* BYE")

    def uid(self, words: str) -> None:
        verb, number, *rest = [*words.split(" ", 2), ""]
        server = self.server
        if verb == "SEARCH":
            found = [str(one) for one, flags in server.flags.items() if not re.search("Seen|Deleted", flags)]
            self.say(f"* SEARCH {' '.join(found)}")
        elif verb == "FETCH":
            raw = server.mails[int(number)]
            self.say(f"* 1 FETCH (UID {number} BODY[]<0> {{{len(raw)}}}\r\n", raw + b")")
        elif verb == "STORE":
            server.flags[int(number)] += rest[0]
        elif verb == "EXPUNGE":
            del server.mails[int(number)], server.flags[int(number)]


@contextmanager
def serving(settings: Any, *mails: bytes, path: str = "INBOX", **options: str) -> Iterator[Server]:
    with Server(*mails, **options) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        port = server.server_address[1]
        settings.MAILBOX_URL = f"imap://list%40example.org:a%20b%3Ac@127.0.0.1:{port}/{path}"
        yield server
        server.shutdown()
        thread.join()


def test_a_mail_server_is_asked_for_what_is_new(settings: Any) -> None:
    delivery = make_delivery()

    with serving(settings, report(bounce_address(delivery)), plain(), plain("me@example.net")) as server:
        assert mailboxes.run_once() == 2
        assert mailboxes.run_once() == 0

    assert list(server.mails) == [8, 9]
    assert set(server.flags.values()) == {r"+FLAGS.SILENT (\Seen)"}
    assert f"UID FETCH 7 (BODY.PEEK[]<0.{mailboxes.LARGEST}>)" in server.heard
    assert Bounce.objects.count() == 1


def test_without_uidplus_nothing_is_expunged_for_others(settings: Any) -> None:
    kim = make_subscriber()

    with serving(settings, plain(leave_address(kim)), capabilities="IMAP4rev1") as server:
        assert [mailboxes.run_once(), mailboxes.run_once()] == [1, 0]

    assert server.flags == {7: r"+FLAGS.SILENT (\Seen \Deleted)"}
    assert Subscriber.objects.get(pk=kim.pk).status == Subscriber.Status.UNSUBSCRIBED


@pytest.mark.parametrize("wrong", ["password", "mailbox", "port"])
def test_a_mail_server_that_says_no_is_told_of_without_the_password(settings: Any, caplog: Any, wrong: str) -> None:
    with serving(settings, plain(), path="other" if wrong == "mailbox" else "INBOX") as server:
        if wrong == "password":
            settings.MAILBOX_URL = settings.MAILBOX_URL.replace("a%20b", "secret")
        if wrong == "port":
            settings.MAILBOX_URL = "imap://list%40example.org:secret@127.0.0.1:1/"
        assert mailboxes.run_once() == 0

    assert "cannot be read" in caplog.text
    assert "secret" not in caplog.text
    assert "a b:c" not in caplog.text
    assert server.flags == {7: ""}
