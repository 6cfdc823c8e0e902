import ArgumentParser
import Foundation
import LoadTest

extension LoadCommand {
    /// The HTML report, with what the test was made of.
    func page(of report: LoadReport, _ plan: LoadPlan) -> String {
        var setting: [(label: String, value: String)] = [
            ("ended", Date().formatted(.iso8601)), ("made by", Poterne.configuration.version),
            ("server", "\(plan.target)" + (plan.serverName.map { ", \($0)" } ?? "")),
            ("protocol", "HTTP \(speech.rawValue), TLS \(version.rawValue)"),
            ("request", noRequest ? "none" : "\(upload > 0 ? "POST" : "GET") \(path)"),
        ]
        if upload > 0 { setting.append(("upload", "\(upload) bytes")) }
        setting.append(("connections", "\(connections)" + (streams > 1 ? ", \(streams) streams each" : "")))
        setting.append(("pace", paceText))
        if mode == .mixed { setting.append(("shares", shares)) }
        return report.html(title: "poterne load \(mode.rawValue) \(target)", setting: setting)
    }

    private var paceText: String {
        let rising = ramp.map { ", rising for \($0.formatted()) s" } ?? ""
        guard let rate else { return "closed loop" + rising }
        let first = rate.first.map { "\($0.formatted()) to " } ?? ""
        return "open loop, \(first)\(rate.last.formatted()) attempts a second" + rising
    }
}
