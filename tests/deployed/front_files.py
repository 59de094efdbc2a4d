"""What CloudFront does for addresses of photos and films, by what the deployed distribution says of
them."""

import time
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from botocore.exceptions import ClientError

from tests.cloudfront import is_allowed, is_let_in
from tests.standin.server import StandIn

PATTERNS = ("/photos/*", "/media/*")
Answer = tuple[int, list[tuple[str, str]], bytes]


class FrontFiles:
    """Reads the bucket of the behaviour for a pattern, for those who have signed addresses or
    cookies."""

    def __init__(self, standin: StandIn, distribution: str, pattern: str) -> None:
        self.pattern = pattern
        self._cloudfront = standin.client("cloudfront")
        self._s3 = standin.client("s3")
        found = self._cloudfront.get_distribution_config(Id=distribution)
        self._config = found["DistributionConfig"]

    @property
    def is_there(self) -> bool:
        """Tell whether the distribution has this pattern."""
        behaviours = self._config["CacheBehaviors"]["Items"]
        return any(each["PathPattern"] == self.pattern for each in behaviours)

    def answer(self, method: str, url: str, path: str, cookies: Mapping[str, str]) -> Answer:
        """Answer for `path` of the distribution, asked for as `url`."""
        if method not in self._behaviour["AllowedMethods"]["Items"]:
            return self._refusal("This distribution is not configured to allow the HTTP request.")
        asked = (self._keys(), time.time())
        if not is_allowed(url, *asked) and not is_let_in(url, cookies, *asked):
            return self._refusal("Access denied")
        try:
            found = self._s3.get_object(Bucket=self._bucket, Key=path.lstrip("/"))
        except ClientError:  # S3 refuses what is not there to who may not list it
            return self._refusal("Access Denied")
        headers = {"content-type": found["ContentType"], "etag": found["ETag"]}
        if found.get("CacheControl"):
            headers["cache-control"] = found["CacheControl"]
        return 200, [*headers.items(), *self._headers], found["Body"].read()

    def _refusal(self, sentence: str) -> Answer:
        body = f"<Error><Code>AccessDenied</Code><Message>{sentence}</Message></Error>"
        return 403, [("content-type", "text/xml")], body.encode()

    @cached_property
    def _behaviour(self) -> dict[str, Any]:
        behaviours = self._config["CacheBehaviors"]["Items"]
        (found,) = [each for each in behaviours if each["PathPattern"] == self.pattern]
        return found

    @cached_property
    def _bucket(self) -> str:
        wanted = self._behaviour["TargetOriginId"]
        (origin,) = [o for o in self._config["Origins"]["Items"] if o["Id"] == wanted]
        assert origin["OriginAccessControlId"]
        return origin["DomainName"].partition(".s3.")[0]

    def _keys(self) -> dict[str, str]:
        """Return the public keys of the trusted groups by their ids."""
        groups = [
            self._cloudfront.get_key_group(Id=group)["KeyGroup"]["KeyGroupConfig"]
            for group in self._behaviour["TrustedKeyGroups"]["Items"]
        ]
        return {key: self._pem(key) for group in groups for key in group["Items"]}

    def _pem(self, key: str) -> str:
        found = self._cloudfront.get_public_key(Id=key)["PublicKey"]
        return found["PublicKeyConfig"]["EncodedKey"]

    @cached_property
    def _headers(self) -> list[tuple[str, str]]:
        """Return what the policy of the behaviour adds."""
        policy = self._cloudfront.get_response_headers_policy(
            Id=self._behaviour["ResponseHeadersPolicyId"]
        )["ResponseHeadersPolicy"]["ResponseHeadersPolicyConfig"]
        security = policy["SecurityHeadersConfig"]
        csp = security["ContentSecurityPolicy"]["ContentSecurityPolicy"]
        custom = policy.get("CustomHeadersConfig", {}).get("Items", [])
        return [
            ("x-content-type-options", "nosniff"),
            ("content-security-policy", csp),
            *((each["Header"].lower(), each["Value"]) for each in custom),
        ]
