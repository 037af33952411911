"""A language model advises a classical one, which follows the advice as far as it helps."""
