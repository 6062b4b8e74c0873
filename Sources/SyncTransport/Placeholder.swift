enum SyncTransportPlaceholder {}
