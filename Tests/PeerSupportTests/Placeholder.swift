enum PeerSupportTestsPlaceholder {}
