import LoadTest

/// The line on a terminal that tells how a load test goes on, written over each second.
final class LoadProgressLine {
    private var last = 0

    func show(_ progress: LoadTest.Progress) {
        let rate = progress.attempts - last
        last = progress.attempts
        let open = "\(progress.open) open"
        if let ready = progress.ready {
            return StandardError.overwrite("preparing, \(Int(progress.seconds)) s: \(ready) ready, \(open)")
        }
        StandardError.overwrite(
            "\(Int(progress.seconds)) s: \(progress.attempts) attempts, \(rate)/s, \(open), "
                + "\(progress.unexpected) not as expected")
    }

    func clear() {
        StandardError.overwrite("")
    }
}
