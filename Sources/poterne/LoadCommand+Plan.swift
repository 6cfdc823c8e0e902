import Foundation
import LoadTest
import TLS

extension LoadCommand {
    /// What is to be done, from the options.
    func makePlan() throws -> LoadPlan {
        let target = try LoadTarget(target)
        var plan = LoadPlan(target: target.address, mode: planMode)
        guard plan.isTargetLocal || iOwnThisTarget else { throw LoadTarget.Refusal.foreign(target) }
        guard mode != .request || !noRequest else { throw RequestsWithoutRequest() }
        plan.serverName = serverName ?? target.name
        plan.duration = duration.map { .seconds($0) } ?? (count == nil ? .seconds(10) : nil)
        plan.pace = pace
        plan.ramp = ramp.map { .seconds($0) }
        plan.connections = connections
        plan.threads = min(threads ?? max(1, ProcessInfo.processInfo.activeProcessorCount / 2), connections)
        plan.speech = planSpeech
        plan.streams = streams
        plan.count = count
        plan.timeout = .seconds(timeout)
        plan.slowPatience = .seconds(slowLimit)
        plan.slowPace = slowPace
        plan.makesRequest = !noRequest
        plan.path = path
        plan.fields = header
        plan.uploadSize = upload
        plan.versions = version.range
        plan.serverProcess = serverPid
        return plan
    }

    private var planMode: LoadPlan.Mode {
        switch mode {
        case .handshake: .handshake
        case .resume: .resume
        case .request: .request
        case .connections: .connections
        case .mixed: .mixed(RoleShares(parsing: shares) ?? RoleShares([.full: 1]))
        }
    }

    private var planSpeech: LoadPlan.Speech {
        switch speech {
        case .http1: .http1
        case .http2: .http2
        case .auto: .either
        }
    }

    private var pace: LoadPlan.Pace {
        guard let rate else { return .asFastAsAnswered }
        if let first = rate.first { return .perSecond(Rate(from: first, to: rate.last, over: ramp ?? duration ?? 0)) }
        if let ramp { return .perSecond(Rate(from: 0, to: rate.last, over: ramp)) }
        return .perSecond(Rate(rate.last))
    }

    /// The certificates that the plan needs.
    func callerSet(for plan: LoadPlan) throws -> CallerSet {
        var set = CallerSet(admitted: try admittedCallers())
        if case .mixed(let shares) = plan.mode {
            if shares[.revoked] > 0 { set.revoked = try CallerSet.identities(at: "\(pki)/wrong/revoked.pem") }
            if shares[.wrongKind] > 0 { set.wrongKind = try CallerSet.identities(at: "\(pki)/callers/org-sign.pem") }
        }
        return set
    }

    private func admittedCallers() throws -> [TLSIdentity] {
        let folder = "\(pki)/load"
        do throws(LoadError) {
            return try CallerSet.identities(at: certificates ?? folder, key: key, limit: callers)
        } catch {
            switch error {
            case .noCallers, .unreadable(_, errno: ENOENT):
                guard certificates == nil else { throw error }
                throw NoCallersMade(folder: folder, pki: pki)
            default: throw error
            }
        }
    }

    private struct NoCallersMade: Error, CustomStringConvertible {
        let folder: String
        let pki: String

        var description: String {
            let out = pki == TestPKICommand.folder ? "" : " --out \(pki)"
            return "no callers in \(folder): make them with `poterne testpki --callers 1000\(out)`"
        }
    }

    private struct RequestsWithoutRequest: Error, CustomStringConvertible {
        let description = "the mode request makes requests: leave --no-request out"
    }
}
