"""The functions of AWS Lambda: each module is one, or one for each of several events.

The template (deploy/aws/) says what each may do and hands it its settings in the environment.

A container's first answer waits for every import, so a function imports at its top only what its
most frequent calls need. What other calls need is imported by them: a part that takes long to load
behind kernel.lazily, routes behind `seldom` (base/http.py). tests/aws/deploy/test_cold_start.py
holds the list of what each function does without at its start.
"""

import gc

from quadrangle.loading import leave_out, postpone

# Importing makes many objects and no garbage. With a bound of 50,000 new objects, looking for some
# still took a tenth of a cold start. There is a bound all the same, in case a function forgets
# to begin with start.started(), which lowers it.
gc.set_threshold(500_000)

# The framework imports it to write descriptions as YAML, which no function does: a tenth of a cold
# start.
postpone("yaml")
# botocore's old way to encrypted connections. It loads what checks passkeys, which is there by now,
# and cryptography with it, and then uses nothing of both.
leave_out("urllib3.contrib.pyopenssl")
