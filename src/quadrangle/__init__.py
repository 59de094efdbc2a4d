"""Quadrangle: report it, meet, watch. A campus platform."""

__version__ = "0.1.0"
