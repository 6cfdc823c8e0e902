/// `hardening`: what the process forbids itself once it has started.
public struct HardeningConfiguration: Hashable, Sendable {
    /// `landlock`: whether files outside the folders that the configuration names are out of reach.
    public enum Landlock: String, Hashable, Sendable, CaseIterable {
        /// Where the kernel has it.
        case auto
        /// Without it there is no start.
        case required
        /// Never.
        case off
    }

    /// `landlock`.
    public let landlock: Landlock

    /// `seccomp`: whether system calls that a gateway has no use for are refused.
    public let seccomp: Bool
}
