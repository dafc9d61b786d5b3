"""What the distribution `paste` holds."""

NAME = "paste"
