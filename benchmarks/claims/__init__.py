"""A real job: ten million claim lines, put to the IGRT claim-pair edit by every engine."""
