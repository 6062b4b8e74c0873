enum SyncWireTestsPlaceholder {}
