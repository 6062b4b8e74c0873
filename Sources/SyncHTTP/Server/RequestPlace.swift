import Hummingbird
import NIOCore

/// Where a request came in: what Hummingbird keeps with every request, and the connection.
struct RequestPlace: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// The client's address, if it has one.
    var address: String? { channel.remoteAddress?.ipAddress }
}
