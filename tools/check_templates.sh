#!/usr/bin/env bash
# Makes sure that deploy/aws is what the inventory says, lints it as it is and as it comes out
# expanded, where more errors show, and scans what comes out for what is unsafe. Asks nobody outside
# this machine.
set -euo pipefail
cd "$(dirname "$0")/.."
.venv/bin/python -m tools.write_templates --check
expanded=dist/templates
rm -rf "$expanded"
.venv-deploy/bin/python tools/expand_templates.py "$expanded"
.venv-deploy/bin/cfn-lint deploy/aws/*.yaml
.venv-deploy/bin/cfn-lint "$expanded"/*.json
.venv-scan/bin/checkov --config-file tools/checkov.yaml --directory "$expanded"
