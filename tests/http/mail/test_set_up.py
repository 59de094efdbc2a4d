"""How mails leave one machine, as its administrators are told."""

from pathlib import Path

from tests.running import ADMIN_EMAIL, RunningServer

PASSWORD = "hush-hush-hush"


def test_the_server_is_named_and_its_password_is_not(tmp_path: Path):
    server = RunningServer(
        tmp_path,
        QUADRANGLE_SMTP_URL=f"smtp://campus:{PASSWORD}@localhost:2525?starttls=off",
        QUADRANGLE_STATUS_MAIL_WAIT="90",
    ).start()
    try:
        answer = server.call("GET", "/api/mail/outbox/set-up", token=server.sign_in())
    finally:
        server.stop()
    assert answer.status == 200
    assert answer.json["delivery"] == "smtp"
    assert answer.json["server"] == {"name": "QUADRANGLE_SMTP_URL", "value": "localhost:2525"}
    assert answer.json["statusWait"]["value"] == "90"
    assert PASSWORD not in str(answer.body)


def test_without_a_server_mails_stay(tmp_path: Path):
    server = RunningServer(tmp_path).start()
    try:
        told = server.call("GET", "/api/mail/outbox/set-up", token=server.sign_in()).json
    finally:
        server.stop()
    assert told["delivery"] == "outbox"
    assert told["alerts"] == {"name": "QUADRANGLE_ADMIN_EMAIL", "value": ADMIN_EMAIL}
    assert told["server"] == {"name": "QUADRANGLE_SMTP_URL", "value": None}
