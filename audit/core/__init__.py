"""The central types, the protocols of probes and models, and the registry: imports nothing of ours."""
