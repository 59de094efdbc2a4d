"""The database of videos is known by its certificate: on RDS by that of the package."""

import datetime
import re
from pathlib import Path

import pytest
from cryptography import x509

from tests.standin.expanded import expanded_templates
from tests.standin.server import MISSING, PYTHON
from tools import database_ca

PACKAGED = pytest.mark.skipif(
    not database_ca.BUNDLE.exists(), reason="No npm packages: `make web`."
)
NOW = datetime.datetime(2026, 11, 28, tzinfo=datetime.UTC)


def read(text: str) -> list[x509.Certificate]:
    return x509.load_pem_x509_certificates(text.encode())


@PACKAGED
@pytest.mark.parametrize("region", ["eu-central-1", "us-east-1", "ap-southeast-2"])
def test_the_authority_that_the_template_chooses_is_packaged_for_a_region(region: str):
    named = f"Amazon RDS {region} Root CA RSA2048 G1"
    (found,) = [
        each for each in read(database_ca.certificates()) if named in each.subject.rfc4514_string()
    ]
    assert found.not_valid_after_utc.year > NOW.year + 10
    database = expanded_templates()["videos"]["Resources"]["Database"]["Properties"]
    assert database["CACertificateIdentifier"] == "rds-ca-rsa2048-g1"


@pytest.mark.skipif(not PYTHON.exists(), reason=MISSING)
def test_functions_and_workers_look_for_the_file_where_packages_are_unpacked():
    text = str(expanded_templates()["videos"]["Resources"])
    assert "sslmode=require" not in text
    places = set(re.findall(r"sslmode=verify-full&sslrootcert=([\w/.-]+)", text))
    assert places == {f"/var/task/{database_ca.NAME}", f"/opt/quadrangle/{database_ca.NAME}"}
    assert "unzip -q /opt/worker.zip -d /opt/quadrangle" in text


@PACKAGED
def test_a_file_of_ones_own_takes_their_place(tmp_path: Path):
    (first, *_) = re.findall(
        r"-----BEGIN.*?END CERTIFICATE-----\n", database_ca.certificates(), re.DOTALL
    )
    own = tmp_path / "own.pem"
    own.write_text(f"# of the campus\n{first}")
    database_ca.put(tmp_path, own)
    assert (tmp_path / database_ca.NAME).read_text() == first


def test_a_file_without_certificates_is_refused(tmp_path: Path):
    other = tmp_path / "key.txt"
    other.write_text("-----BEGIN PRIVATE KEY-----\n")
    with pytest.raises(SystemExit, match="has no certificates"):
        database_ca.certificates(other)


def test_without_any_that_is_said_and_nothing_is_made_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(database_ca, "BUNDLE", tmp_path / "none.js")
    database_ca.put(tmp_path)
    assert "DATABASE_CA=" in capsys.readouterr().out
    assert not (tmp_path / database_ca.NAME).exists()
