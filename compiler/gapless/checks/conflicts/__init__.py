"""Rules that contradict each other, and hit policies that promise too much or too little.

Each file is one check, with all that only it needs.
Whether rules meet is asked of `analysis.overlaps`, never worked out here.
"""
