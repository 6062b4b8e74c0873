enum PeerSupportPlaceholder {}
