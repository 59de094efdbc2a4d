"""Puts the pages where CloudFront finds them: `upload_pages.py [--videos] BUCKET DISTRIBUTION`.

Only what changed is sent, what is gone is deleted, and CloudFront is told if there was any of it.
Changed pages come last, so that none asks for a script that is not there yet. Scripts and the like
stand at addresses of their version (quadrangle/hosts/shared/assets.py), which browsers keep, and at
plain ones, for players in pages of others. Those of the version before stay for open pages.
`--all` sends every file, for when what is said about files changed and not the files. Region,
endpoint and credentials are those of the environment.
"""

import argparse
import hashlib
import uuid
from pathlib import Path
from typing import Any

import boto3

from quadrangle.hosts.lambdas.base.description import description
from quadrangle.hosts.one_machine.pages import CACHE_CONTROL, WEB, content_type_of
from quadrangle.hosts.shared.assets import KEPT, asset_files, version_of, with_versions


def pages(root: Path, *, videos: bool) -> dict[str, bytes]:
    """Return the files below `root` by their keys, with the description of the API, which has the
    calls of videos where there are any."""
    files = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }
    version = version_of(root)
    vendor = root / "vendor"
    pages = {
        key: with_versions(body, version)
        for key, body in files.items()
        if key.endswith(".html") and vendor not in (root / key).parents
    }
    assets = {
        f"v/{version}/{key}": files[key]
        for key in (path.relative_to(root).as_posix() for path in asset_files(root))
    }
    return {**files, **pages, **assets, "api/openapi.json": description(optional=videos)}


def cache_control(key: str) -> str:
    """Return what browsers are told of how long to keep it."""
    return KEPT if _version_in(key) else CACHE_CONTROL


def upload(s3: Any, bucket: str, files: dict[str, bytes], *, every: bool = False) -> list[str]:
    """Make the bucket hold `files` and nothing else. Return the keys that changed."""
    there = _listed(s3, bucket)
    stays = _of_the_version_before(there, files)
    gone = sorted(there.keys() - files.keys() - stays)
    etags = {key: each["ETag"] for key, each in there.items()}
    changed = [key for key, body in files.items() if every or etags.get(key) != _etag(body)]
    for key in sorted(changed, key=lambda key: (key.endswith(".html"), key)):
        s3.put_object(
            Bucket=bucket,
            Key=key,
            Body=files[key],
            ContentType=content_type_of(key),
            CacheControl=cache_control(key),
        )
    for start in range(0, len(gone), 1000):
        keys = [{"Key": key} for key in gone[start : start + 1000]]
        answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True})
        if answer.get("Errors"):
            raise SystemExit(f"Some old pages cannot be deleted: {answer['Errors'][0]}")
    return [*changed, *gone]


def _listed(s3: Any, bucket: str) -> dict[str, Any]:
    listed = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return {each["Key"]: each for part in listed for each in part.get("Contents", [])}


def _of_the_version_before(there: dict[str, Any], files: dict[str, bytes]) -> set[str]:
    """Return the keys of the newest version in the bucket that is not the one of `files`."""
    current = {_version_in(key) for key in files}
    old = [key for key in there if _version_in(key) and _version_in(key) not in current]
    if not old:
        return set()
    newest = _version_in(max(old, key=lambda key: there[key]["LastModified"]))
    return {key for key in old if _version_in(key) == newest}


def _version_in(key: str) -> str:
    """Return the version that a key is of, empty for one of none."""
    folder, _, rest = key.partition("/")
    return rest.partition("/")[0] if folder == "v" else ""


def _etag(body: bytes) -> str:
    """Return what S3 calls a file with this content that was sent in one part."""
    return f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'


def invalidate(cloudfront: Any, distribution: str) -> None:
    """Have CloudFront forget what it kept. 1,000 paths a month are free, and all of it is one."""
    cloudfront.create_invalidation(
        DistributionId=distribution,
        InvalidationBatch={
            "Paths": {"Quantity": 1, "Items": ["/*"]},
            "CallerReference": str(uuid.uuid4()),
        },
    )


def main() -> None:
    """Do it, and tell how many files changed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("bucket")
    parser.add_argument("distribution")
    parser.add_argument("--all", action="store_true", help="send every file")
    parser.add_argument("--videos", action="store_true", help="there are videos")
    wanted = parser.parse_args()
    if not (WEB / "vendor" / ".done").exists():
        raise SystemExit("The libraries of the pages are not there yet: run `make web` first.")
    changed = upload(
        boto3.client("s3"), wanted.bucket, pages(WEB, videos=wanted.videos), every=wanted.all
    )
    if changed:
        invalidate(boto3.client("cloudfront"), wanted.distribution)
    print(f"{len(changed)} files of the pages changed.")


if __name__ == "__main__":
    main()
