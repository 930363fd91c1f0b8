"""The scenes of the essay "Neural Networks, Manifolds, and Topology", one file a part."""
