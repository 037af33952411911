"""GGUF files as language models, by llama.cpp inside this process."""
