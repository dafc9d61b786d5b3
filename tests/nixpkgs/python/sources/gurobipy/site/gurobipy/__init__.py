"""What needs `allow_unfree`."""

NAME = "gurobipy"
