enum SyncWirePlaceholder {}
