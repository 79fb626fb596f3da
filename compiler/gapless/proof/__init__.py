"""What was proved, as data, and a small auditor who does not trust who proved it.

Certificates name the case, the rule and the answer in values of the language; `audit` is the door.
The auditor knows the model, the form of certificates and where tests hold (`extents`); the prover
knows the analysis. Nothing of the one may help the other, or a mistake in it would pass unseen.
"""
