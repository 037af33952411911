"""Language models in folders as Hugging Face has them, through transformers: safetensors, and no code of theirs."""
