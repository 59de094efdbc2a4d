"""A mail server that is away, slow or refuses: nothing is lost, and requests stay fast."""

import socket
import threading

import pytest

from tests.running import free_port, wait_for

pytestmark = pytest.mark.xdist_group("faults")


def outbox(server, token, **query) -> dict:
    answer = server.call("GET", "/api/mail/outbox?limit=100", token=token)
    assert answer.status == 200, answer.body
    return answer.json


def test_mails_wait_while_the_server_is_away_and_are_resent_when_it_is_back(make_server, sink):
    port = sink.port
    sink.stop()
    server = make_server(QUADRANGLE_SMTP_URL=f"smtp://127.0.0.1:{port}").start()
    server.report(email="ada@campus.example")
    token = server.sign_in()
    delayed = wait_for(
        lambda: [m for m in outbox(server, token)["mails"] if m["lastError"]], "an attempt to fail"
    )
    assert {mail["state"] for mail in delayed} == {"queued"}
    assert delayed[0]["nextAttemptAt"]
    sink.start(port)
    for mail in outbox(server, token)["mails"]:
        answer = server.call("POST", f"/api/mail/outbox/{mail['mailId']}/resend", token=token)
        assert answer.status in (202, 409)


def test_one_refused_recipient_fails_alone_and_is_shown(make_server, sink):
    sink.refuse = lambda to: "550 No such user" if to.startswith("nobody") else None
    server = make_server(QUADRANGLE_SMTP_URL=f"smtp://127.0.0.1:{sink.port}").start()
    server.report(email="nobody@campus.example")
    server.report(email="ada@campus.example")
    token = server.sign_in()
    wait_for(lambda: outbox(server, token)["counts"]["sent"] == 3, "the other mails to be sent")
    failed = [m for m in outbox(server, token)["mails"] if m["state"] == "failed"]
    assert [mail["to"] for mail in failed] == ["nobody@campus.example"]
    assert "550" in failed[0]["lastError"]
    sink.refuse = lambda to: None
    path = f"/api/mail/outbox/{failed[0]['mailId']}/resend"
    assert server.call("POST", path, token=token).status == 202
    wait_for(lambda: outbox(server, token)["counts"]["sent"] == 4, "the resent mail")


def test_a_mail_server_that_says_nothing_holds_no_request_up(make_server):
    port = free_port()
    with socket.create_server(("127.0.0.1", port)) as silent:
        held: list[socket.socket] = []

        def accept() -> None:
            while True:
                try:
                    held.append(silent.accept()[0])
                except OSError:
                    return

        threading.Thread(target=accept, daemon=True).start()
        server = make_server(QUADRANGLE_SMTP_URL=f"smtp://127.0.0.1:{port}").start()
        for n in range(20):
            server.report(email=f"reporter-{n}@campus.example")
        wait_for(lambda: held, "the worker to call the mail server")
        issue_id = server.report()
        assert server.call("GET", f"/issue-status/{issue_id}").status == 200
        counts = wait_for(
            lambda: (c := outbox(server, server.sign_in())["counts"])["queued"] >= 41 and c,
            "all mails to be in the outbox",
        )
        assert counts["failed"] == 0
        server.kill()
        for connection in held:
            connection.close()
