"""Grant: the smallest set of policy statements that covers a workflow's needs."""
