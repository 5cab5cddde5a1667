"""The asker, which makes every model call, and the store that keeps every answer."""
