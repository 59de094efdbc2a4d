"""deploy/aws/pages.yaml answers for photos: signed addresses only, headers of one machine."""

import pytest

from quadrangle.aws.issues.photo_links import LIFE_S
from quadrangle.issues.http import photos as http_photos
from tests.aws.deploy.test_pages import (
    OF_THE_FILE,
    OneMachine,
    behaviour_of,
    distribution,
    properties,
    sent_by,
)
from tests.standin.server import MISSING, PYTHON

pytestmark = pytest.mark.skipif(not PYTHON.exists(), reason=MISSING)


def test_photos_have_the_headers_of_one_machine():
    _, of_the_gateway, _ = OneMachine().get("/api/nowhere")
    expected = {name: v for name, v in of_the_gateway.items() if name not in OF_THE_FILE}
    expected |= {name.lower(): value for name, value in http_photos.HEADERS.items()}
    assert sent_by("PhotoHeaders") == expected


def test_photos_come_from_their_bucket_for_signed_addresses_alone():
    behaviour = behaviour_of("/photos/an-issue/a-photo-thumbnail")
    assert behaviour["TargetOriginId"] == "photos"
    assert behaviour["AllowedMethods"] == ["GET", "HEAD"]
    assert behaviour["TrustedKeyGroups"] == [{"Ref": "PhotoKeyGroup"}]
    assert behaviour["ViewerProtocolPolicy"] == "https-only"
    assert behaviour["CachePolicyId"] == {"Ref": "PhotoCaching"}
    assert behaviour["ResponseHeadersPolicyId"] == {"Ref": "PhotoHeaders"}
    (origin,) = [each for each in distribution()["Origins"] if each["Id"] == "photos"]
    assert origin["DomainName"] == {"Ref": "PhotosDomain"}
    assert origin["OriginAccessControlId"] == {"Ref": "PhotosAccess"}


def test_nothing_else_is_behind_signatures_and_photos_are_behind_nothing_else():
    signed = [
        each["PathPattern"]
        for each in distribution()["CacheBehaviors"]
        if "TrustedKeyGroups" in each
    ]
    of_photos = [
        each["PathPattern"]
        for each in distribution()["CacheBehaviors"]
        if each["TargetOriginId"] == "photos"
    ]
    assert signed == of_photos == ["/photos/*"]


def test_a_photo_is_kept_no_longer_than_its_address_lives():
    config = properties("PhotoCaching")["CachePolicyConfig"]
    assert config["MinTTL"] == 0
    assert config["DefaultTTL"] == config["MaxTTL"] == LIFE_S


def test_origins_sign_what_they_ask_of_buckets():
    for name in ("PagesAccess", "PhotosAccess"):
        config = properties(name)["OriginAccessControlConfig"]
        assert config["OriginAccessControlOriginType"] == "s3"
        assert (config["SigningBehavior"], config["SigningProtocol"]) == ("always", "sigv4")
