"""How arguments that are neither a plain name nor an ARN to grant as it is are read."""
