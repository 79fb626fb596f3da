"""What was proved, as data, and a small auditor who does not trust who proved it.

Certificates name the case, the rule and the answer in values of the language.
The auditor knows the model and the form of certificates, and nothing of the analysis.
"""
