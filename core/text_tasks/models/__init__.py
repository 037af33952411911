"""Models that the tasks ask: prompted, chosen by the person, or read for their hidden states."""
