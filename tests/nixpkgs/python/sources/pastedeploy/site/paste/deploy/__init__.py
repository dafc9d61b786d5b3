"""What the distribution `pastedeploy` holds."""

NAME = "pastedeploy"
