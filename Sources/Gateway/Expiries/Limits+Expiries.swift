// Bounds of the surveillance of what ends some day.

extension Limits {
    /// Between two looks at what is about to end: a warning may be a minute late, and a clock that is set is seen.
    static let expiryLook: Duration = .seconds(60)

    /// Looks between two times at which it is kept when callers were last seen, which changes all the time.
    static let expiryLooksToKeep = 10

    /// Batches of notices that wait for the receiver of `expiry_webhook`, one look's warnings each; of more, the oldest go.
    static let expiryBatches = 32

    /// Attempts to send a batch of notices; the waits between them double from a second on.
    static let expiryAttempts = 5

    /// Seconds that one attempt may take.
    static let expirySeconds: Int64 = 10

    /// Bytes of the receiver's answer, which nobody reads.
    static let expiryAnswer = 64 * 1024

    /// Warnings of one look; the others follow at the next ones, so that no first start fills the log at once.
    static let expiryWarnings = 200

    /// Callers remembered for the surveillance of their certificates, some 500 bytes each; of more, those whose
    /// certificates end last are forgotten.
    static let seenCallers = 8192

    /// A caller that was not seen for this long, 30 days, is not watched any more.
    static let seenCallerSeconds: Int64 = 30 * 86_400

    /// Between two notes of one worker about one caller: whether it was seen lately is asked in days.
    static let callerNoteInterval: Duration = .seconds(3600)

    /// Notes that a worker keeps between two reports, half a second apart.
    static let callerNotes = 1024

    /// Unicode scalars kept of the subject of a caller's certificate, or of its structure, which may be as long as its issuer lets it.
    static let seenSubject = 512

    /// Between the first sight of a caller and its being kept: others come with it.
    static let callerKeepDelay: Duration = .seconds(2)

    /// Bytes of the file of callers seen and warnings given: all that may be kept, at four bytes a character, and more.
    static let expiryFile = 32 * 1024 * 1024
}
