"""Why a model said what it said: columns and words on one scale."""
