internal import Configuration
internal import EventLoop
internal import Logging

extension ControlThread {
    /// Takes the configuration and what it names as they are on disk now: whole, or not at all.
    ///
    /// When a file that the configuration names has changed, the configuration in force is kept: somebody may be half
    /// through editing the next one.
    @discardableResult
    func reload(because cause: ReloadCause) -> ReloadOutcome {
        guard !isDraining else { return .refused("this process is draining") }
        manager.reloading()
        let outcome = attemptReload(because: cause)
        admin.noteReload(outcome)
        switch outcome {
        case .taken(let epoch, let notChanged):
            for change in notChanged { log.warning("not changed by a reload: \(change)") }
            log.notice("configuration reloaded", metadata: ["epoch": "\(epoch)", "cause": "\(cause)"])
            manager.ready(status)
        case .refused(let reason):
            log.error(
                "reload refused, the configuration in force stays\n\(reason)", metadata: ["cause": "\(cause)"])
            manager.ready("the last reload was refused; " + status)
        }
        return outcome
    }

    private func attemptReload(because cause: ReloadCause) -> ReloadOutcome {
        // Of what is in force, in case that there is nothing else to watch.
        var state = FileWatch.fingerprints(of: WatchedFiles.paths(of: configuration))
        defer { files?.watch(WatchedFiles.paths(of: configuration), since: state) }
        do {
            let next = try configuration(for: cause)
            // Before they are read, so that what changes meanwhile is seen by the next look.
            let read = FileWatch.fingerprints(of: WatchedFiles.paths(of: next))
            var compiler = EpochCompiler(
                next, number: epoch.number + 1, tickets: tickets, enrolments: enrolments, previous: epoch)
            let nextEpoch = try compiler.compile()
            let plan = try revocation.plan(next, trusts: nextEpoch.trusts)
            let notChanged = Reloading.ignoredChanges(from: configuration, to: next)
            // Whatever may still fail comes first: a refused reload changes nothing.
            try tokens.prepare(for: nextEpoch.tokens)
            try tracing.adopt(nextEpoch.spanExport)
            try revocation.adopt(plan)
            tokens.adopt(nextEpoch.tokens)
            state = read
            epoch = nextEpoch
            configuration = next
            forgetTrusts()
            post(.adopt(nextEpoch))
            names.watch(nextEpoch.upstreams)
            admin.adopt(nextEpoch)
            enrolments.keep(nextEpoch.identity.files)
            admin.adopt(enrolments.standings)
            surveillance.tell(next.expiryWebhook)
            surveillance.look()
            return .taken(epoch: nextEpoch.number, notChanged: notChanged)
        } catch {
            // A list that was read on the way is known as it is now, and would not be looked at again.
            enrolments.keep(epoch.identity.files)
            adoptEnrolments()
            return .refused("\(error)" + (Confinement.hint(for: "\(error)", under: configuration) ?? ""))
        }
    }

    private func configuration(for cause: ReloadCause) throws(ConfigurationErrors) -> GatewayConfiguration {
        if case .files(let paths) = cause, !paths.contains(configuration.file) { return configuration }
        return try loadConfiguration()
    }

    /// Opens the door for commands, or takes it over; without it the gateway serves all the same.
    func openDoor(_ inherited: inout InheritedSockets) {
        let directory = configuration.stateDirectory.path
        let taken = inherited.take(
            InheritedSockets.Name.control, at: .unix(ControlSocket.path(in: directory))
        ).first
        do {
            let door = try ControlSocket(loop: loop, stateDirectory: directory, inherited: taken) {
                [unowned self] request, visitor in
                switch request {
                case .reload:
                    let outcome = reload(because: .command)
                    visitor.answer(outcome.isTaken, outcome.text)
                case .upgrade:
                    upgrade { visitor.answer($0, $1) }
                }
            }
            sockets.append((name: InheritedSockets.Name.control, number: door.number))
            self.door = door
        } catch {
            log.warning("`poterne reload` will not reach this process: \(ControlSocket.path(in: directory)): \(error)")
        }
    }
}
