"""The layouts, a file each; `table.py` lists them."""
