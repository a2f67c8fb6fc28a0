"""Pure rules: frozen values in, frozen values out; no framework, no database, no clock."""
