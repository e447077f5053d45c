"""How fast the desk is: ratios against floors measured in the same run. `python -m benchmarks --help`."""
