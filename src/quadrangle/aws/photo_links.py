"""Short-lived addresses of pictures in the private bucket."""

from typing import Any

from quadrangle.aws.errors import translated
from quadrangle.issues.ports import PhotoLink

LIFE_S = 15 * 60
# A picture never changes under its key, so a browser may keep what an address gave for a day.
_CACHE_CONTROL = "private, max-age=86400, immutable"


class S3PhotoLinks:
    """Implements issues.ports.PhotoLinks with presigned GET requests.

    What S3 then answers has the type of the record, whatever the object was stored with. An
    address ends before LIFE_S when the credentials that signed it do, as those of a role may.
    """

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def link(self, key: str, mime: str) -> PhotoLink:
        wanted = {
            "Bucket": self._bucket,
            "Key": key,
            "ResponseContentType": mime,
            "ResponseCacheControl": _CACHE_CONTROL,
            "ResponseContentDisposition": "inline",
        }
        with translated():
            url = self._client.generate_presigned_url("get_object", wanted, ExpiresIn=LIFE_S)
        return PhotoLink(url, LIFE_S)
