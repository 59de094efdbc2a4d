"""The functions of the video service. They alone are in the network of its database."""
