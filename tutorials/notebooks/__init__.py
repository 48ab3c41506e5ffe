"""The tutorials as notebooks."""
