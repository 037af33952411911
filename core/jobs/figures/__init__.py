"""What the job system counts, for whoever watches a server: kept in the database, told as OpenMetrics."""
