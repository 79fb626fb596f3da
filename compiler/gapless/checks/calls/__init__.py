"""Tables that call tables: what does not answer, is never asked or never true."""
