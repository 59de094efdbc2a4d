"""Makes the bucket of the template on the stand-in, for tests of what keeps files in it."""

import secrets
from typing import Any

from tests.standin.tables import template

PAGES_ORIGIN = "https://campus.example"


def bucket_properties() -> dict[str, Any]:
    return template("photos")["Resources"]["PhotosBucket"]["Properties"]


def make_bucket(s3: Any) -> str:
    """Make the bucket of photos, empty; return its name."""
    properties = bucket_properties()
    bucket = f"t{secrets.token_hex(6)}-photos"
    region = s3.meta.region_name
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": region})
    s3.put_public_access_block(
        Bucket=bucket,
        PublicAccessBlockConfiguration=properties["PublicAccessBlockConfiguration"],
    )
    (rule,) = properties["CorsConfiguration"]["CorsRules"]
    given = {
        "AllowedOrigins": [PAGES_ORIGIN],
        "AllowedMethods": rule["AllowedMethods"],
        "AllowedHeaders": rule["AllowedHeaders"],
        "MaxAgeSeconds": rule["MaxAge"],
    }
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [given]})
    return bucket
