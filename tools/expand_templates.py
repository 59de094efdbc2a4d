"""Expands deploy/aws/*.yaml into plain CloudFormation, as AWS does: `expand_templates.py FOLDER`.

Run by a Python that has aws-sam-translator: that of .venv-deploy or .venv-standin. Code and nested
templates get the addresses that `sam deploy` would give them.
"""

import json
import logging
import os
import sys
from pathlib import Path
from typing import Any

from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

TEMPLATES = Path(__file__).parents[1] / "deploy" / "aws"
UPLOADED = {
    "AWS::Serverless::Function": ("CodeUri", "s3://uploaded/code.zip"),
    "AWS::Serverless::Application": ("Location", "https://s3.amazonaws.com/uploaded/template"),
}


def expand(path: Path) -> dict[str, Any]:
    """Return the template without anything of SAM's. Raises samtranslator's errors."""
    template = yaml_parse(path.read_text())
    for resource in template["Resources"].values():
        if resource["Type"] in UPLOADED:
            name, address = UPLOADED[resource["Type"]]
            resource["Properties"][name] = address
    translator = Translator(managed_policy_map={}, sam_parser=Parser())
    return translator.translate(template, parameter_values={})


def main() -> None:
    """Write FOLDER/NAME.json for each template."""
    os.environ.setdefault("AWS_DEFAULT_REGION", "eu-central-1")  # SAM asks for one
    logging.disable(logging.WARNING)  # what it says of itself
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(TEMPLATES.glob("*.yaml")):
        expanded = json.dumps(expand(path), indent=2)
        (target / f"{path.stem}.json").write_text(expanded + "\n")


if __name__ == "__main__":
    main()
