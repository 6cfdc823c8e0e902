/// Which program this is.
public enum Release {
    /// Its version.
    public static var name: String { "unreleased" }
}
