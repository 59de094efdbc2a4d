"""Parts that run alike on one machine and on AWS."""
