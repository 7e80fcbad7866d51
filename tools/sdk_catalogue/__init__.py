"""How the catalogue of AWS SDK integrations is built; ``build_sdk_catalogue.py`` is the command."""
