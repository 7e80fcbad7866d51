"""The command line: templates and definitions in files, findings for people."""
