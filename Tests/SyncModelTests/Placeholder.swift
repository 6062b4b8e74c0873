enum SyncModelTestsPlaceholder {}
