"""Taking apart two closed curves that only look linked: a motion, and the flow layers that carry it out."""
