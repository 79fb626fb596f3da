"""How fast one lookup is: generated code beside what an expert writes by hand, and beside other engines."""
