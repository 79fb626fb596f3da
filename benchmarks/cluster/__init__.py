"""What a cluster would take: claim lines through Spark, from one million to a hundred."""
