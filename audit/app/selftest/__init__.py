"""An audit of the audit: simulated models of known behaviour, put through the whole pipeline."""
