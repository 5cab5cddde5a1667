"""`medaudit bench`: the audit's methods on settings whose truth is known."""
