#!/usr/bin/env bash
# Lints deploy/aws as it is and as it comes out expanded, where more errors show, and scans what
# comes out for what is unsafe. Asks nobody outside this machine.
set -euo pipefail
cd "$(dirname "$0")/.."
expanded=dist/templates
rm -rf "$expanded"
.venv-deploy/bin/python tools/expand_templates.py "$expanded"
.venv-deploy/bin/cfn-lint deploy/aws/*.yaml
.venv-deploy/bin/cfn-lint "$expanded"/*.json
.venv-scan/bin/checkov --config-file tools/checkov.yaml --directory "$expanded"
