"""Options: what an organisation, a template and a single state machine want done differently."""
