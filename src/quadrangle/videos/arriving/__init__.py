"""Films that other parts of the platform have made become videos of their people."""
