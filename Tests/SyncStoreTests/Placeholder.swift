enum SyncStoreTestsPlaceholder {}
