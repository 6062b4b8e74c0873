import SyncStore

extension Exposition {
    /// Everything the server counts, as one page.
    static func page(counts: Counters.Snapshot, held: Int, store: StoreFigures) -> String {
        var page = Exposition()
        page.metric(
            "porchlight_exchanges_total", "counter", "Exchanges answered.", by: "verdict", counts.exchanges)
        page.metric(
            "porchlight_requests_refused_total", "counter", "Requests answered with an error.", by: "code",
            counts.refused)
        page.metric("porchlight_enrolments_total", "counter", "Devices enrolled.", counts.enrolled)
        page.metric(
            "porchlight_changes_total", "counter", "Changes received, by what became of them.",
            by: "outcome", counts.changes)
        page.metric("porchlight_records_sent_total", "counter", "Records sent.", counts.records)
        page.metric("porchlight_leaves_sent_total", "counter", "Records that left a device.", counts.leaves)
        page.metric(
            "porchlight_received_bytes_total", "counter", "Bytes of request bodies, as they came.",
            counts.bytesIn)
        page.metric(
            "porchlight_sent_bytes_total", "counter", "Bytes of answer bodies, as they went.",
            counts.bytesOut)
        page.metric(
            "porchlight_client_failures_total", "counter",
            "Failed exchanges that clients report having had before one that succeeded.",
            counts.clientFailures)
        page.histogram(
            "porchlight_exchange_seconds", "Time an exchange took, without the time it was held.",
            counts.durations)
        page.metric(
            "porchlight_requests_running", "gauge", "Requests being answered, this one among them.",
            counts.running)
        page.metric("porchlight_exchanges_held", "gauge", "Exchanges waiting for something to say.", held)
        page.metric("porchlight_store_records", "gauge", "Records.", store.records)
        page.metric("porchlight_store_changes", "gauge", "Changes ever taken.", store.changes)
        page.metric("porchlight_store_quarantined", "gauge", "Changes in quarantine.", store.quarantined)
        page.metric("porchlight_store_conflicts", "gauge", "Records with an open conflict.", store.conflicts)
        page.metric("porchlight_store_devices", "gauge", "Enrolled devices.", store.devices)
        page.metric("porchlight_store_epoch", "gauge", "The epoch.", store.epoch)
        page.metric("porchlight_store_position", "gauge", "The feed's head.", store.position)
        page.metric("porchlight_store_bytes", "gauge", "Bytes of the database.", store.databaseBytes)
        return page.text
    }
}
