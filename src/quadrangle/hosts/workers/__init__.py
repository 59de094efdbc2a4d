"""Machines on AWS that do what functions cannot: long work, by programs of their system."""
