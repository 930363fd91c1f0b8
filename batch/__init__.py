"""Many jobs in one go: trainings, videos and figures of a manifest, here or on a cluster."""
