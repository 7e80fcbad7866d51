"""AWS and the tools around it, as far as tests need them, on one machine."""
