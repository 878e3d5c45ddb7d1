"""Policy packs: the file, the law above it, what it decides, and which one is in force."""
