"""What the cells of a column may mean: numbers with units, dates, times, scales, lists; decided over whole columns."""
