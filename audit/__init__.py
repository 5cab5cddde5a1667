"""The audit engine: core types, data, models, store, statistics, policy and the application."""
