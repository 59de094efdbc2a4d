"""Videos that staff takes down, with a reason that their owners are told."""
