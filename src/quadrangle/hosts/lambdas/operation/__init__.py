"""The functions of whoever operates the installation: mails out, dead letters."""
