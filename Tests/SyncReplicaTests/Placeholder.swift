enum SyncReplicaTestsPlaceholder {}
