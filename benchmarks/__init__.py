"""What is measured: speed, memory and start-up, as ratios within one run on one machine. `python -m benchmarks`."""
