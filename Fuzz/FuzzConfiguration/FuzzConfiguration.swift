import Configuration

/// Reads any bytes as a configuration file.
@c(LLVMFuzzerTestOneInput)
public func fuzzConfiguration(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = unsafe String(decoding: UnsafeBufferPointer(start: data, count: count), as: UTF8.self)
    _ = try? GatewayConfiguration.parse(text, file: "fuzz.yaml", environment: ["NAME": "value"])
    return 0
}
