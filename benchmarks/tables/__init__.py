"""Tables for measuring how columns are understood: those that packages bring, and made-up exports of tools."""
