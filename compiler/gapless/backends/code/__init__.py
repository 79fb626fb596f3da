"""How generated Python is laid out, named and quoted: for every target that writes Python."""
