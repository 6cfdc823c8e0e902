/// CRLs in use that are not in the state directory yet.
///
/// They are written once the snapshot has gone out: workers need not wait for a disk to learn who is revoked, nor a start
/// to be ready. A crash before that leaves the state directory as it was, as one before the CRL's arrival would.
struct UnkeptLists {
    private var lists: [VerifiedRevocationList] = []
    private var size = 0

    /// Adds a CRL; what is there is written first when it would become too much to hold.
    mutating func add(
        _ list: VerifiedRevocationList, to directory: StateDirectory, failed: (SystemFailure) -> Void
    ) {
        if size + list.list.der.count > RevocationLimits.unkeptSize { keep(in: directory, failed: failed) }
        lists.append(list)
        size += list.list.der.count
    }

    /// Writes them all.
    mutating func keep(in directory: StateDirectory, failed: (SystemFailure) -> Void) {
        for verified in lists {
            do throws(SystemFailure) {
                try directory.keep(verified.list, of: verified.authority)
            } catch {
                failed(error)
            }
        }
        lists = []
        size = 0
    }
}
