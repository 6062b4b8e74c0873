import CCurl
import SyncModel

/// What a failed transfer was, for the person who waits for it.
///
/// - Parameters:
///   - code: What libcurl says.
///   - words: What it says in words; read for what the code leaves open, never shown.
func curlFailure(
    _ code: CURLcode, words: String, handle: OpaqueHandle, _ address: ServerAddress,
    _ options: HTTPPeer.Options
) -> SyncError {
    let server = address.display
    var connectStatus = 0
    _ = ccurl_get_long(handle, CURLINFO_HTTP_CONNECTCODE, &connectStatus)
    if connectStatus >= 300 {
        return offline("the proxy did not let us through to \(server) (status \(connectStatus))")
    }
    // A kept connection that died under the request was tried anew: what was sent on it may have arrived.
    var sent = 0
    _ = ccurl_get_long(handle, CURLINFO_REQUEST_SIZE, &sent)
    let hasLeft = sent > 0
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST where hasLeft, CURLE_COULDNT_CONNECT where hasLeft: return cutShort
    case CURLE_COULDNT_RESOLVE_HOST: return offline("the name of \(server) could not be looked up")
    case CURLE_COULDNT_RESOLVE_PROXY: return offline("the name of the proxy could not be looked up")
    case CURLE_COULDNT_CONNECT: return offline("no connection to \(server) could be made")
    case CURLE_OPERATION_TIMEDOUT:
        return isConnected(handle)
            ? SyncError(
                .stalled, "\(server) was reached, but said nothing for too long", means: kept,
                advice: "sync again, perhaps where the network is better")
            : offline("\(server) could not be reached in \(Int(options.connectSeconds.rounded(.up))) seconds")
    case CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_SSL_SHUTDOWN_FAILED:
        return cutShort
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR: return untrusted(server)
    case CURLE_SSL_CONNECT_ERROR:
        let broken = ["SYSCALL", "reset", "unexpected eof", "Broken pipe"].contains { words.contains($0) }
        return broken
            ? cutShort
            : SyncError(
                .untrustedServer, "no secure connection with \(server) could be agreed on", means: kept,
                advice: "check that the address begins with https:// only if the server has a certificate")
    case CURLE_SSL_CACERT_BADFILE:
        return SyncError(
            .untrustedServer, "the file with the authority's certificate cannot be read", means: kept,
            advice: "enroll again with --ca-file and the file your administrator gave you")
    case CURLE_FILESIZE_EXCEEDED: return answerTooLarge
    case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING, CURLE_HTTP2:
        return notPorchlight("what answers at \(server) does not speak HTTP as it should")
    case CURLE_OUT_OF_MEMORY: return outOfMemory
    default:
        return SyncError(
            .internalFault, "the connection to \(server) failed (libcurl \(code.rawValue))", means: kept,
            advice: "sync again; if it happens again, tell your administrator the number")
    }
}

/// Whether the connection, its encryption included, was there before things went wrong.
private func isConnected(_ handle: OpaqueHandle) -> Bool {
    var time: curl_off_t = 0
    _ = ccurl_get_offset(handle, CURLINFO_PRETRANSFER_TIME_T, &time)
    return time > 0
}

private func offline(_ what: String) -> SyncError {
    SyncError(.offline, what, means: kept, advice: "sync again when there is a network")
}

private func untrusted(_ server: String) -> SyncError {
    SyncError(
        .untrustedServer, "the certificate of \(server) could not be verified, so nothing was sent",
        means: kept,
        advice: "if this network wants you to sign in first, do that in a browser; otherwise ask your "
            + "administrator for the authority's certificate file")
}

let cutShort = SyncError(
    .cutShort, "the connection ended in the middle of the answer", means: kept, advice: "sync again")

func notPorchlight(_ what: String) -> SyncError {
    SyncError(
        .notPorchlight, what, means: kept,
        advice: "if this network wants you to sign in first, do that in a browser; otherwise check the "
            + "server's address")
}
