"""The regions of a template that are written, between lines that say so.

A region begins with `# >>> NAME …` and ends with `# <<<`, both as far in as what is between.
"""

import re
from collections.abc import Mapping
from textwrap import indent

_REGION = re.compile(r"^( *)# >>> ([a-z -]+)(:[^\n]*)?\n(.*?)^\1# <<<\n", re.DOTALL | re.MULTILINE)
_HEAD = "{space}# >>> {name}: written by `make templates` from deploy/aws/inventory/\n"


def filled(template: str, content: Mapping[str, str]) -> str:
    """Return the template with its regions filled, each by its name.

    Raises ValueError for a region without content, and for content without a region.
    """
    seen: list[str] = []

    def fill(found: re.Match[str]) -> str:
        space, name = found[1], found[2]
        if name not in content:
            raise ValueError(f"Nothing is written for the region “{name}”.")
        seen.append(name)
        body = indent(content[name], space)
        return _HEAD.format(space=space, name=name) + body + f"{space}# <<<\n"

    written = _REGION.sub(fill, template)
    if missing := sorted(set(content) - set(seen)):
        raise ValueError(f"There is no region for {', '.join(missing)}.")
    return written
