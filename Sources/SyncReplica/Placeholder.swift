enum SyncReplicaPlaceholder {}
