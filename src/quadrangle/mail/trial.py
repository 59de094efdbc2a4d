"""The mail by which an administrator sees whether mails arrive."""

from html import escape

from quadrangle.kernel.mail import Mail
from quadrangle.letters.texts import one_line, unlinked

_SAID = "Mails of Quadrangle arrive here: whoever looks after them can stop looking."


def trial(mail_id: str, to: str, asked_by: str) -> Mail:
    """Return it. Plain words without a template: the function that answers about the outbox on AWS
    writes no other mail, and so does without the library of templates."""
    why = f"You get this mail because {unlinked(one_line(asked_by))} tried whether mails arrive."
    return Mail(
        key=f"trial:{mail_id}",
        to=to,
        subject="Mails arrive",
        text=f"Hello,\n\n{_SAID}\n\n-- \nQuadrangle. {why}\n",
        html=(
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            "<title>Mails arrive</title></head><body>"
            f"<p><span></span>Quadrangle</p><h1>Mails arrive</h1><p>{_SAID}</p>"
            f"<p>{escape(why)}</p></body></html>"
        ),
    )
