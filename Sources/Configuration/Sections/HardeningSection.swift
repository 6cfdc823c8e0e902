extension HardeningConfiguration {
    static func read(_ section: Section?) -> HardeningConfiguration {
        let hardening = HardeningConfiguration(
            landlock: section?["landlock"]?.choice() ?? Defaults.landlock,
            seccomp: section?["seccomp"]?.boolean() ?? Defaults.seccomp)
        section?.finish()
        return hardening
    }
}
