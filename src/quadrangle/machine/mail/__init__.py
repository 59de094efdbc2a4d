"""Mails out by SMTP."""
