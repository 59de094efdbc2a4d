# Quadrangle. `make help` lists what there is.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PY := .venv/bin/python
export UV_PYTHON_DOWNLOADS := never
# Processes that start again and again must not compile the same modules each time, whatever the
# machine is set to: libraries are compiled when they are installed, our modules when first used.
export UV_COMPILE_BYTECODE := 1
export PYTHONDONTWRITEBYTECODE :=

help:  ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | column -t -s '	'

run: .venv/.run web  ## start everything on this machine
	@tools/desktop_tools.sh
	@exec .venv/bin/quadrangle serve

test: .venv/.dev .venv-standin/.done web tools/.test-tools  ## run the tests of every change (sets up what they need)
	@tools/with_postgres.sh tools/run_tests.sh quick $(ARGS)

test-deep: .venv/.dev .venv-standin/.done web tools/.test-tools  ## run the tests that take long, with many examples
	@tools/with_postgres.sh tools/run_tests.sh deep $(ARGS)

check: .venv/.dev  ## lint, format, types, import rules
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/pyright
	.venv/bin/lint-imports

templates: .venv/.dev  ## write what repeats in deploy/aws from deploy/aws/inventory
	@$(PY) -m tools.write_templates

check-aws: .venv/.dev .venv-deploy/.done .venv-scan/.done  ## lint and security scan of deploy/aws
	@tools/check_templates.sh

test-aws: .venv/.dev .venv-standin/.done .venv-deploy/.done web lambda-standin worker tools/.test-tools  ## deploy on a stand-in for AWS, test from outside, remove
	@tools/with_postgres.sh $(PY) -m tests.deployed.run $(ARGS)

# DATABASE_CA=FILE has the certificates of the database of videos, in place of those of RDS.
_CA = $(if $(DATABASE_CA),--database-ca $(DATABASE_CA))

lambda: .venv/.dev web  ## build what the functions on AWS run into dist/lambda/
	@$(PY) -m tools.build_lambda $(_CA)

worker: .venv/.dev web  ## build what the machines that process videos on AWS run into dist/worker/
	@$(PY) -m tools.build_lambda --worker $(_CA)

lambda-standin: .venv/.dev .venv-standin/.done web  ## the same for the Python that the stand-in runs functions by
	@$(PY) -m tools.build_lambda --for .venv-standin/bin/python

worker-captions: .venv/.dev  ## build what those machines write captions by a model with into dist/captions/ (about 500 MB)
	@$(PY) -m tools.build_lambda --captions

deploy-aws: .venv/.dev .venv-deploy/.done web lambda worker  ## deploy to AWS, or deploy again
	@$(PY) -m tools.deploy_aws deploy

remove-aws: .venv/.dev .venv-deploy/.done  ## take the installation on AWS away, data too
	@$(PY) -m tools.deploy_aws remove

dispatch-aws: .venv/.dev  ## have changes on AWS sent to reactions again: SINCE=2026-11-21T09:30:00Z
	@$(PY) -m tools.deploy_aws dispatch --since "$(SINCE)"

check-audit-aws: .venv/.dev  ## have the audit on AWS checked now, as happens daily
	@$(PY) -m tools.deploy_aws check-audit

bench: .venv/.dev web  ## measure against limits and peers; writes bench/results/
	$(PY) -m bench $(ARGS)

preloads: .venv/.dev  ## write into each page the modules it needs
	@$(PY) tools/preloads.py

wheel: .venv/.dev web  ## build the wheel into dist/
	.venv/bin/uv build --wheel --no-build-isolation --out-dir dist

captions: .venv/.run  ## add what makes automatic captions (about 500 MB)
	@.venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r requirements/captions.txt

lock: .venv/.dev  ## renew the locked versions
	tools/lock.sh

clean:  ## remove everything that was installed or built, but no data
	rm -rf .venv .venv-* node_modules src/quadrangle/web/vendor dist .cache

.PHONY: help run test test-deep test-aws check check-aws templates lambda lambda-standin worker worker-captions deploy-aws remove-aws check-audit-aws dispatch-aws bench wheel captions lock clean web preloads

# -- environments ---------------------------------------------------------------------------

.venv/.run: requirements/run.txt requirements/build.txt pyproject.toml
	@tools/make_venv.sh run
	@touch $@

.venv/.dev: requirements/dev.txt requirements/build.txt pyproject.toml
	@tools/make_venv.sh dev
	@touch $@ .venv/.run

# The stand-in runs functions by its own Python, so that is Lambda's where the machine has it.
.venv-standin/.done: requirements/standin.txt deploy/aws/inventory/runtime.py | .venv/.dev
	@tools/make_side_venv.sh standin "$$($(PY) -m tools.find_python)"

.venv-%/.done: requirements/%.txt | .venv/.dev
	@tools/make_side_venv.sh $*

web: src/quadrangle/web/vendor/.done

src/quadrangle/web/vendor/.done: package-lock.json tools/vendor.mjs
	@tools/vendor.sh

tools/.test-tools:
	@tools/test_tools.sh
