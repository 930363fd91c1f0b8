"""From scenes to files: videos, storyboards and what they need."""
