"""Write: roles and references to them into the template, and nothing else."""
