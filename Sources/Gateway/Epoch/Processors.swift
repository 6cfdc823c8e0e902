internal import Glibc

/// How many processors this process may run on.
enum Processors {
    /// At least one.
    static var count: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}
