"""The stand-in for AWS that tests deploy to and talk to."""
