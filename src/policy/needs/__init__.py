"""Need: what every task and every setting of a machine requires of its role, one permission at a time."""
