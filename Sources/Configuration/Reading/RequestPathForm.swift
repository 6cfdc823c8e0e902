extension Value {
    /// The path of a request that the gateway makes itself.
    func requestPath() -> String? {
        guard let path = text("a path") else { return nil }
        guard path.hasPrefix("/"), path.utf8.count <= Limits.path, path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else {
            mismatch("a path that begins with /")
            return nil
        }
        return path
    }
}
