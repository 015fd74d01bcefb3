"""What the commands in ``script/`` are made of: small modules, one concern each."""
