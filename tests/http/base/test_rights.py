"""Every call that there is, by everyone who could make it: rights.txt says what is answered."""

from pathlib import Path

from quadrangle.http.asking.auth import SCOPE
from tests.applications import routes_of_one_machine
from tests.http.base.rights import World, rows
from tests.running import RunningServer

# What caches may keep: public keys, and photos, which never change and only browsers keep.
KEPT = {
    ("GET", "/.well-known/jwks.json"),
    ("GET", "/api/issues/{issueId}/photos/{photoId}"),
    ("GET", "/api/issues/{issueId}/photos/{photoId}/thumbnail"),
}


def routes() -> set[tuple[str, str]]:
    """Return the method and the path of every call of the application, described or not."""
    return {
        (method, path.replace(":str", ""))
        for route in routes_of_one_machine()
        for method in getattr(route, "http_methods", ())  # a WebSocket has none
        for path in route.paths
    }


def test_each_call_has_its_rows_and_no_other_has_one():
    listed = [(row.method, row.path, row.whose) for row in rows()]
    assert len(listed) == len(set(listed))
    assert {(method, path) for method, path, _ in listed} == routes()


def test_what_is_about_ones_own_account_has_a_row_for_anothers_too():
    listed = {(row.method, row.path, row.whose) for row in rows()}
    for method, path, whose in listed:
        if ("{sessionId}" in path or "{passkeyId}" in path) and whose == "own":
            assert (method, path, "other") in listed


def test_the_scopes_of_api_keys_are_those_the_routes_declare():
    declared = {
        (method, path.replace(":str", "")): route.opt.get(SCOPE, "-")
        for route in routes_of_one_machine()
        for method in getattr(route, "http_methods", ())  # a WebSocket has none
        for path in route.paths
    }
    assert {(row.method, row.path): row.scope for row in rows()} == declared


def test_each_cell_answers_as_the_table_says(tmp_path: Path):
    server = RunningServer(tmp_path, QUADRANGLE_TRUSTED_PROXIES="127.0.0.1").start()
    try:
        world = World(server)
        wrong = []
        for row in rows():
            for who, expected in row.cells.items():
                status = world.status(row, who)
                if (2 if 200 <= status < 400 else status) != expected:
                    wrong.append(
                        f"{row.method} {row.path} ({row.whose}) as {who}: {status}, not {expected}"
                    )
            world.after(row)
        assert not wrong, "\n".join(wrong)
        assert world.kept == KEPT
    finally:
        server.stop()
