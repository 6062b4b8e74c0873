enum SyncHTTPPlaceholder {}
