import Testing

@testable import SyncHTTP

@Suite struct FiguresTests {
    @Test func `metrics are in Prometheus' text format`() {
        var page = Exposition()
        page.metric("a_total", "counter", "Of a.", 3)
        page.metric("b_total", "counter", "Of b.", by: "kind", ["z": 1, "q\"\\\n": 2])
        #expect(
            page.text == """
                # HELP a_total Of a.
                # TYPE a_total counter
                a_total 3
                # HELP b_total Of b.
                # TYPE b_total counter
                b_total{kind="q\\"\\\\\\n"} 2
                b_total{kind="z"} 1

                """)
    }

    @Test func `a histogram counts what was at most so long`() {
        var histogram = Histogram()
        for microseconds: Int64 in [1_000, 1_001, 600_000, 60_000_000] { histogram.add(microseconds) }
        var page = Exposition()
        page.histogram("t_seconds", "Time.", histogram)
        #expect(
            page.text == """
                # HELP t_seconds Time.
                # TYPE t_seconds histogram
                t_seconds_bucket{le="0.001"} 1
                t_seconds_bucket{le="0.005"} 2
                t_seconds_bucket{le="0.02"} 2
                t_seconds_bucket{le="0.1"} 2
                t_seconds_bucket{le="0.5"} 2
                t_seconds_bucket{le="2.0"} 3
                t_seconds_bucket{le="10.0"} 3
                t_seconds_bucket{le="+Inf"} 4
                t_seconds_sum 60.602001
                t_seconds_count 4

                """)
    }

    @Test func `health and metrics answer, and what happened is counted`() async throws {
        try await TestServer.run { server in
            let health = try await server.client.send("GET", "/health")
            #expect(health.status == 200)
            #expect(health.text == #"{"status":"ok"}"#)
            let laptop = try await server.laptop()
            _ = try await laptop.exchange(laptop.hello())
            _ = try await laptop.exchange(try laptop.sites(["S1", "S2"]))
            _ = try await server.client.send("GET", "/nothing")
            server.world.advance(seconds: 6)
            let page = try await server.client.send("GET", "/metrics")
            #expect(page.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            let lines = Set(page.text.split(separator: "\n").map(String.init))
            #expect(lines.contains(#"porchlight_exchanges_total{verdict="ok"} 2"#))
            #expect(lines.contains(#"porchlight_requests_refused_total{code="nothing"} 1"#))
            #expect(lines.contains(#"porchlight_changes_total{outcome="taken"} 2"#))
            #expect(lines.contains("porchlight_enrolments_total 1"))
            #expect(lines.contains("porchlight_store_records 3"))
            #expect(lines.contains("porchlight_exchange_seconds_count 2"))
        }
    }
}
