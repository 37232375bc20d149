"""Statistics of numbers that are there already: intervals, tests, warm-up and batch means. They know of no payments."""
