enum SyncTransportTestsPlaceholder {}
