"""Tables for measuring how columns are understood: those that packages bring with them, and made-up exports of tools."""
