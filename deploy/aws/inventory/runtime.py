"""What functions run on."""

ALIAS = "live"  # by which the API calls functions: a published version
RUNTIME = "python3.13"
GLIBC = (2, 34)  # the C library there, Amazon Linux 2023's; tools/build_lambda.py holds to it
