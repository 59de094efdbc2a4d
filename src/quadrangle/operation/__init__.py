"""Dead letters and health: for whoever operates the installation."""
