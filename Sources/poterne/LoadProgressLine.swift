import LoadTest

/// The line on a terminal that tells how a load test goes on, written over each second.
final class LoadProgressLine {
    private var last = 0

    func show(_ progress: LoadTest.Progress) {
        let done = progress.succeeded + progress.failed
        let rate = done - last
        last = done
        let text =
            progress.isPreparing
            ? "preparing: \(progress.open) ready"
            : "\(Int(progress.seconds)) s: \(done) attempts, \(rate)/s, \(progress.failed) not served"
        StandardError.overwrite(text)
    }

    func clear() {
        StandardError.overwrite("")
    }
}
