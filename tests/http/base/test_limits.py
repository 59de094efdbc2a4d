"""Rate limits: who sends too much hears when to come back."""

from tests.running import RunningServer, wait_for


def test_too_many_reports_from_one_address(tmp_path):
    server = RunningServer(
        tmp_path,
        QUADRANGLE_RATE_LIMITS="on",
        QUADRANGLE_REPORT_BURST="3",
        QUADRANGLE_REPORTS_PER_HOUR="60",
        QUADRANGLE_TRUSTED_PROXIES="127.0.0.1",
    ).start()
    try:
        body = {"issueType": "a", "location": "b", "description": "c"}

        def report(address: str):
            headers = {"X-Forwarded-For": address}
            return server.call("POST", "/report-issue", body, headers=headers)

        assert [report("192.0.2.1").status for _ in range(4)] == [200, 200, 200, 429]
        refused = report("192.0.2.1")
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert refused.json["message"].endswith(".")
        assert report("192.0.2.2").status == 200
        assert report("2001:db8::1").status == 200
        assert report("10.9.8.7, 192.0.2.1").status == 429
    finally:
        server.stop()


def test_an_address_given_with_many_reports_is_not_written_to_for_each(tmp_path):
    server = RunningServer(tmp_path, QUADRANGLE_RATE_LIMITS="on").start()
    try:
        for spelling in ("sam@campus.example", "Sam@Campus.example") * 7:
            server.report(email=spelling)
        token = server.sign_in()

        def to_sam() -> list[str]:
            answer = server.call("GET", "/api/mail/outbox?limit=100", token=token)
            return [
                mail["subject"]
                for mail in answer.json["mails"]
                if mail["to"].lower() == "sam@campus.example"
            ]

        found = wait_for(lambda: len(to_sam()) >= 11 and to_sam(), "the mails")
        assert len([each for each in found if each.startswith("We have your report")]) == 10
        assert found.count("More reports came with your address") == 1
    finally:
        server.stop()


def test_who_shares_cannot_try_out_addresses_without_bound(tmp_path):
    server = RunningServer(tmp_path, QUADRANGLE_RATE_LIMITS="on").start()
    try:
        token = server.sign_in()
        path, body = "/api/gallery/videos/1/sharing", {"people": ["a@b.example"], "courses": []}
        answers = [server.call("PUT", path, body, token=token).status for _ in range(62)]
        assert (set(answers[:60]), set(answers[61:])) == ({404}, {429})
    finally:
        server.stop()


def test_reports_may_be_for_accounts_only(tmp_path):
    server = RunningServer(tmp_path, QUADRANGLE_REPORTERS="accounts").start()
    try:
        body = {"issueType": "a", "location": "b", "description": "c"}
        assert server.call("POST", "/report-issue", body).status == 401
        assert server.call("POST", "/report-issue", body, token=server.sign_in()).status == 200
    finally:
        server.stop()
