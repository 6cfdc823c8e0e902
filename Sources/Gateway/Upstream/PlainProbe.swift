internal import HTTP
internal import HTTP1

/// A probe in HTTP/1.1.
final class PlainProbe: HealthProbe {
    private var position = ParsePosition()
    private var response = ResponseHead()

    override func opened() {
        send(check.request)
    }

    override func received() {
        do throws(MessageError) {
            let progress = try input.withBytes { bytes throws(MessageError) in
                guard bytes.count <= Limits.probeAnswer else { throw .headTooLarge }
                return try parseResponseHead(
                    bytes, resume: &position, limits: HTTP.Limits(), to: .get, into: &response)
            }
            guard case .complete(let consumed) = progress else { return }
            input.consume(consumed)
            guard !response.status.isInformational else { return lookAgain() }
            answered(response.status)
        } catch {
            close()
        }
    }
}
