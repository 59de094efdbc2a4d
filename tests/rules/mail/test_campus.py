"""The name of the campus on the mails of every service."""

import re
from pathlib import Path

import pytest

import quadrangle
from quadrangle.kernel.mail import Mail
from quadrangle.letters.templates import templates_of
from quadrangle.mail.campus import CampusOnMails, with_campus
from tests.rules.accounts.test_account_mails import every_mail as account_mails
from tests.rules.issues.test_issue_mails import every_mail as issue_mails
from tests.rules.meetings.test_meeting_mails import every_mail as meeting_mails

PACKAGE = Path(quadrangle.__file__).parent
TEXTS = sorted(PACKAGE.glob("*/templates/*.txt"))
MAILS = {**account_mails(), **issue_mails(), **meeting_mails()}


@pytest.mark.parametrize("mail", MAILS.values(), ids=MAILS)
def test_a_mail_names_the_campus_beside_the_product(mail: Mail):
    named = with_campus(mail, "Nord & Süd\u202e")
    assert "\n-- \nNord & Süd · Quadrangle\n" in named.text
    assert named.html.count("</span>Nord &amp; Süd · Quadrangle</p>") == 1
    assert (named.key, named.to, named.subject) == (mail.key, mail.to, mail.subject)
    assert with_campus(mail, "Quadrangle North").html.count("</span>Quadrangle North</p>") == 1


def test_what_people_wrote_is_no_place_for_it():
    (mail,) = [mail for name, mail in MAILS.items() if name == "confirmation"]
    typed = "x\n-- \nQuadrangle. </span>Quadrangle</p>"
    about = issue_mails()["confirmation"]
    for words in (typed, typed * 2):
        text = about.text.replace("Wi-Fi", words)
        named = with_campus(Mail(mail.key, mail.to, mail.subject, text, mail.html), "North")
        assert words in named.text
        assert named.text.count("North · Quadrangle") == 1


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_each_template_has_the_places_for_it(path: Path):
    page = path.with_suffix(".html").read_text()
    assert re.search(r'{% extends "(layout|account|meeting)\.html" %}', page), path
    own = path.read_text()
    signed = re.search(r"^-- \n({%.*%}\n)*Quadrangle\. ", own, re.MULTILINE)
    overridden = "{% block why %}" not in own or re.search(r"{% block why %}\s*\S", own)
    assert signed or ('{% extends "' in own and overridden), path


def test_the_layout_names_the_product_once():
    environment = templates_of("quadrangle.issues")
    source = environment.loader.get_source(environment, "layout.html")[0]  # type: ignore[union-attr]
    assert source.count("</span>Quadrangle</p>") == 1


async def test_it_is_called_what_it_is_called_when_a_mail_leaves():
    names = iter(["North", "South"])

    async def name() -> str:
        return next(names)

    campus, mail = CampusOnMails(name), MAILS["confirmation"]
    assert "North · " in (await campus.named(mail)).text
    assert "South · " in (await campus.named(mail)).text
