"""deploy/aws/pages.yaml answers for pages as one machine does (hosts/one_machine/pages.py)."""

import asyncio
import json
import shutil
import subprocess
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import unquote

import pytest

from quadrangle.hosts.one_machine.pages import WEB, Pages, with_pages
from quadrangle.hosts.one_machine.services import PATHS
from quadrangle.hosts.shared.assets import version_of
from quadrangle.hosts.shared.http_app import build_app
from quadrangle.http.access_log import AccessLog
from tests.applications import common_of
from tests.standin.expanded import decided, expanded_templates, text_of
from tests.standin.server import MISSING, PYTHON
from tools.upload_pages import cache_control, pages

NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(not PYTHON.exists(), reason=MISSING)

PHOTOS = "campus-photos-1.s3.eu-central-1.amazonaws.com"
RUNNER = """
const { readFileSync } = require('node:fs');
const { code, events } = JSON.parse(readFileSync(0, 'utf8'));
const handler = new Function(code + '; return handler;')();
console.log(JSON.stringify(events.map((event) => handler(event))));
"""


def properties(resource: str) -> dict[str, Any]:
    """Return them as they are without videos."""
    found = expanded_templates()["pages"]["Resources"][resource]["Properties"]
    return decided(found, {"HasVideos": False})


def distribution(*, videos: bool = False) -> dict[str, Any]:
    found = expanded_templates()["pages"]["Resources"]["Distribution"]["Properties"]
    return decided(found, {"HasVideos": videos})["DistributionConfig"]


class OneMachine:
    """Pages behind the gateway, as one machine has them, without anything else."""

    def __init__(self, embeds: Mapping[str, str] | None = None) -> None:
        self._app = build_app(
            [],
            common_of(),
            access_log=AccessLog(gathered=False),
            front=lambda app: with_pages(app, Pages(WEB, embeds), PATHS),
        )

    def get(self, path: str) -> tuple[int, dict[str, str], bytes]:
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": "GET",
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [],
        }
        asyncio.run(self._app(scope, receive, send))
        headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return sent[0]["status"], headers, sent[1]["body"]


# -- addresses --------------------------------------------------------------------------------

ADDRESSES = [
    *("/", "/desk", "/desk/", "//desk", "/desk.html", "/index", "/index.html", "/sign-in"),
    *("/d%65sk", "/api/docs", "/js/base/api.js", "/css/base/base.css", "/config.json"),
    *("/manifest.webmanifest", "/img/mark.svg", "/nowhere", "/desk/nowhere", "/nowhere.html"),
    *("/.git", "/js/.hidden", "/..%2fpyproject.toml", "/%2e%2e/pyproject.toml", "/js%5capi.js"),
    *("/desk%00", "/js", "/js/none.js", "/api", "/vendor"),
]


def run_function(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Have node do what CloudFront does with the function."""
    assert NODE is not None
    code = properties("CleanAddresses")["FunctionCode"]
    sent = json.dumps({"code": code, "events": events})
    done = subprocess.run([NODE, "-e", RUNNER], input=sent, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def asked(uri: str, **headers: str) -> dict[str, Any]:
    return {
        "context": {"eventType": "viewer-request"},
        "request": {
            "method": "GET",
            "uri": uri,
            "headers": {name.replace("_", "-"): {"value": v} for name, v in headers.items()},
        },
    }


def answered(uri: str, status: int = 200) -> dict[str, Any]:
    return {
        "context": {"eventType": "viewer-response"},
        "request": {"method": "GET", "uri": uri, "headers": {}},
        "response": {"statusCode": status, "headers": {}},
    }


needs_node = pytest.mark.skipif(NODE is None, reason="node runs CloudFront's function here")


@needs_node
def test_each_address_gets_what_one_machine_answers():
    machine = OneMachine()
    versioned = f"/v/{version_of(WEB)}"
    addresses = [
        *ADDRESSES,
        *(versioned + path for path in ("/js/base/api.js", "/js/none.js", "/desk", "/js", "")),
    ]
    requests = run_function([asked(uri) for uri in addresses])
    responses = run_function([answered(uri) for uri in addresses])
    uploaded = pages(WEB, videos=False)
    for uri, request, response in zip(addresses, requests, responses, strict=True):
        status, headers, body = machine.get(uri)
        key = unquote(request["uri"]).lstrip("/")
        if key in uploaded:
            assert uploaded[key] == body, uri
            assert response["statusCode"] == status, uri
            assert headers["cache-control"] == cache_control(key), uri
        else:  # S3 says that it is missing; hidden files and pages are not left to S3
            assert status == 404, uri
            parts = unquote(request["uri"]).strip("/").split("/")
            assert "." in parts[-1].strip("."), uri
            assert not any(part.startswith(".") or "\\" in part for part in parts), uri


@needs_node
def test_the_page_for_what_is_missing_is_not_taken_for_unchanged():
    events = [asked(uri, if_none_match='"x"') for uri in ("/nowhere", "/desk")]
    missing, page = run_function(events)
    assert missing["uri"] == "/not-found.html"
    assert missing["headers"] == {}
    assert page["headers"] == {"if-none-match": {"value": '"x"'}}


@needs_node
def test_on_its_way_out_the_page_for_what_is_missing_may_have_either_address():
    rewritten, unchanged = run_function([answered("/not-found.html"), answered("/desk", 304)])
    assert rewritten["statusCode"] == 404
    assert unchanged["statusCode"] == 304


@needs_node
def test_the_function_knows_every_page():
    elsewhere = {"not-found"}
    pages = [path.relative_to(WEB).with_suffix("") for path in WEB.rglob("*.html")]
    own = [str(page) for page in pages if page.parts[0] != "vendor" and page.name not in elsewhere]
    assert len(own) > 5
    for name, request in zip(own, run_function([asked(f"/{name}") for name in own]), strict=True):
        assert request["uri"] == f"/{name}.html"


def test_the_function_is_no_larger_than_cloudfront_takes():
    assert len(properties("CleanAddresses")["FunctionCode"].encode()) <= 10 * 1024


# -- headers ----------------------------------------------------------------------------------


def sent_by(policy: str, **values: str) -> dict[str, str]:
    """Return the headers that CloudFront adds with a policy, for parameters of these values."""
    config = properties(policy)["ResponseHeadersPolicyConfig"]
    security = config["SecurityHeadersConfig"]
    headers = {
        each["Header"].lower(): each["Value"] for each in config["CustomHeadersConfig"]["Items"]
    }
    if "ContentTypeOptions" in security:
        headers["x-content-type-options"] = "nosniff"
    headers["referrer-policy"] = security["ReferrerPolicy"]["ReferrerPolicy"]
    if "FrameOptions" in security:
        headers["x-frame-options"] = security["FrameOptions"]["FrameOption"]
    if "ContentSecurityPolicy" in security:
        text = security["ContentSecurityPolicy"]["ContentSecurityPolicy"]
        text = text["Fn::Sub"] if isinstance(text, dict) else text
        text, filled = text if isinstance(text, list) else (text, {})
        parts = {name: chosen(value, values) for name, value in filled.items()}
        headers["content-security-policy"] = text_of(text, PhotosDomain=PHOTOS, **parts).strip()
    return headers


def chosen(value: Any, values: Mapping[str, str]) -> str:
    """Return what an `Fn::If` comes to, whose condition asks whether what it puts in is empty."""
    if isinstance(value, str):
        return value
    _, there, missing = value["Fn::If"]
    return text_of(there, **values) if all(named(there, values)) else missing


def named(value: Any, values: Mapping[str, str]) -> list[str]:
    return [values[name] for name in values if "${" + name + "}" in value["Fn::Sub"]]


# What is of the file or the request, and not of the policy.
OF_THE_FILE = {"content-type", "content-length", "etag", "cache-control", "vary", "x-request-id"}


def test_pages_have_the_headers_of_one_machine_and_may_send_photos():
    _, headers, _ = OneMachine().get("/desk")
    expected = {name: value for name, value in headers.items() if name not in OF_THE_FILE}
    rules = [rule.strip() for rule in expected["content-security-policy"].split(";")]
    expected["content-security-policy"] = "; ".join(
        f"{rule} https://{PHOTOS}" if rule.startswith("connect-src ") else rule for rule in rules
    )
    assert sent_by("PageHeaders") == expected


FILES = "campus-desktops-1.s3.eu-central-1.amazonaws.com"


@pytest.mark.parametrize("path", ["/meeting", "/meeting.html"])
@pytest.mark.parametrize("jitsi", ["", "meet.campus.example:8443"])
@pytest.mark.parametrize("files", ["", FILES])
def test_the_page_of_a_meeting_may_send_files_and_have_a_room_of_jitsi(
    path: str, jitsi: str, files: str
):
    """On one machine files go to the server itself, and the server to Jitsi is a setting too."""
    assert behaviour_of(path)["ResponseHeadersPolicyId"] == {"Ref": "MeetingHeaders"}
    embeds = {"/meeting": f"https://{jitsi}"} if jitsi else {}
    _, headers, _ = OneMachine(embeds).get(path)
    expected = {name: value for name, value in headers.items() if name not in OF_THE_FILE}
    if files:
        policy = expected["content-security-policy"]
        sending = policy.replace("connect-src 'self'", f"connect-src 'self' https://{files}")
        expected["content-security-policy"] = sending
    values = {"JitsiDomain": jitsi, "DesktopFilesDomain": files}
    assert sent_by("MeetingHeaders", **values) == expected


def test_what_api_gateway_answers_by_itself_has_the_headers_of_the_api():
    _, headers, _ = OneMachine().get("/api/nowhere")
    expected = {name: value for name, value in headers.items() if name not in OF_THE_FILE}
    assert sent_by("ApiHeaders") == expected


@pytest.mark.parametrize("policy", ["PageHeaders", "MeetingHeaders", "ApiHeaders", "PhotoHeaders"])
def test_browsers_are_told_to_come_encrypted_for_two_years(policy: str):
    config = properties(policy)["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    assert config["StrictTransportSecurity"]["AccessControlMaxAgeSec"] == 2 * 365 * 24 * 3600


# -- who answers ------------------------------------------------------------------------------


def behaviour_of(path: str) -> dict[str, Any]:
    for behaviour in distribution(videos=True)["CacheBehaviors"]:
        if fnmatchcase(path, behaviour["PathPattern"]):
            return behaviour
    return distribution()["DefaultCacheBehavior"]


@pytest.mark.parametrize(
    "path", ["/", "/desk", "/api/docs", "/api/openapi.json", "/js/base/api.js"]
)
def test_pages_come_from_the_bucket(path: str):
    behaviour = behaviour_of(path)
    assert behaviour["TargetOriginId"] == "pages"
    assert behaviour["Compress"] is True
    assert behaviour["ViewerProtocolPolicy"] == "redirect-to-https"
    events = {each["EventType"] for each in behaviour["FunctionAssociations"]}
    assert events == {"viewer-request", "viewer-response"}


def api_paths() -> list[str]:
    """Return the paths of the REST API, with something in place of what varies."""
    paths = expanded_templates()["api"]["Resources"]["Api"]["Properties"]["Body"]["paths"]
    # machines with keys go to the API itself
    paths = [path for path in paths if not path.startswith("/machine/")]
    return [path.replace("{", "").replace("+}", "").replace("}", "") for path in paths]


def test_every_address_of_the_api_goes_to_the_api_and_is_not_kept():
    assert len(api_paths()) > 10
    for path in api_paths():
        behaviour = behaviour_of(path)
        assert behaviour["TargetOriginId"] == "api", path
        assert "POST" in behaviour["AllowedMethods"]
        assert behaviour["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
        assert behaviour["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"


def test_addresses_with_the_stage_are_passed_on_as_they_are():
    assert behaviour_of("/prod/report-issue")["TargetOriginId"] == "api-with-stage"
    origins = {each["Id"]: each for each in distribution()["Origins"]}
    assert origins["api"]["OriginPath"] == "/prod"
    assert "OriginPath" not in origins["api-with-stage"]
    for name in ("api", "api-with-stage"):
        (header,) = origins[name]["OriginCustomHeaders"]
        assert header == {"HeaderName": "X-Quadrangle-Front", "HeaderValue": {"Ref": "FrontSecret"}}
        assert origins[name]["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"


def test_errors_of_the_api_are_not_replaced_by_pages():
    for each in distribution()["CustomErrorResponses"]:
        assert not {"ResponsePagePath", "ResponseCode"} & set(each)


def test_only_this_distribution_reads_the_bucket():
    (_, *allowed) = properties("PagesBucketPolicy")["PolicyDocument"]["Statement"]
    assert [each["Action"] for each in allowed] == ["s3:GetObject", "s3:ListBucket"]
    for each in allowed:
        assert each["Principal"] == {"Service": "cloudfront.amazonaws.com"}
        source = each["Condition"]["StringEquals"]["aws:SourceArn"]
        assert text_of(source).endswith(":distribution/${Distribution}")
