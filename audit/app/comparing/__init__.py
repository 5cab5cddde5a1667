"""`medaudit compare`, and the same section in every audit."""
