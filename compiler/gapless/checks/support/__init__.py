"""What several checks work out alike: witnesses, proposed rows, hubs, what hides a rule. No finding begins here."""
