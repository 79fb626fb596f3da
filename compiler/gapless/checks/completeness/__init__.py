"""Cases without an answer, or whose answer is not decided yet."""
