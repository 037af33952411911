"""From probabilities to text: shaping them, drawing from them, searching among them."""
