"""What benchmarks/run is made of: processes, the servers that are measured, the measurements, and the report."""
