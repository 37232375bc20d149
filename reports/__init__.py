"""From a finished run folder to a report for people: figures, HTML and Markdown. Reads the folder and nothing else."""
