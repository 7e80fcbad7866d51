"""What AWS says that each call and each setting requires of the role: data, with its sources."""
