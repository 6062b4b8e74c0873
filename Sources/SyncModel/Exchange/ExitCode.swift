extension SyncError.Code {
    /// How a command ends that met this failure: the numbers of BSD's `sysexits.h`.
    ///
    /// 64, wrong usage, is not here: the argument parser says it before anything is tried.
    public var exitCode: Int32 {
        switch self {
        // EX_DATAERR: what was given, or what lies here, is not fit for it.
        case .malformed, .damaged, .notEnrolled, .alreadyEnrolled, .unknownRecord, .ambiguous, .badValue,
            .inConflict, .stale, .alreadySent, .exists, .nothing, .limit:
            65
        // EX_UNAVAILABLE: this server, or this program, cannot do it; trying again changes nothing.
        case .untrustedServer, .notPorchlight, .tooLarge, .upgrade, .serverFault, .tooNew:
            69
        // EX_SOFTWARE: a defect of ours.
        case .internalFault:
            70
        // EX_TEMPFAIL: try again later.
        case .offline, .stalled, .cutShort, .tooMany, .unavailable, .diskFull, .busy, .syncing:
            75
        // EX_NOPERM: somebody has to permit it first.
        case .unauthorized, .badCode, .retired, .readOnly, .notPermitted:
            77
        }
    }
}
