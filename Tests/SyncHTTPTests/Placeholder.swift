enum SyncHTTPTestsPlaceholder {}
