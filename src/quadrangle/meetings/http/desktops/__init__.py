"""Desktops of a meeting: their streams, who watches and helps, what their machines ask."""
