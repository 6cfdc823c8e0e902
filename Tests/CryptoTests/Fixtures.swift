/// Keys and containers made with OpenSSL's command line, all of one P-256 key, under the passphrase `poterne`.
enum Fixtures {
    static let passphrase = Array("poterne".utf8)

    // `openssl ecparam -name prime256v1 -genkey -noout`
    static let key = """
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEIFO+Sk0VT1NRYBX5DglPLFTQSdqUzA2Ec7YRJFvqlu3koAoGCCqGSM49
        AwEHoUQDQgAEdpPzde58XR0xkYSJzTLSEDx6YUKNpHN0cla6+bCmKjOKyHY63+kA
        Q5WsrjxGExZLI+5A5g4kX1sHLuLapui/GQ==
        -----END EC PRIVATE KEY-----
        """
    // `openssl pkcs8 -topk8`
    static let encryptedPKCS8 = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgGMy1OS261FgICCAAw
        DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEHBM/DsIpeSgXrVrGX5/8M8EgZB2
        ++P17MCso0NQCf82OzWAKY6BRQBuhMqr6akP5u4JUV1pkU5wYv3HNb09igdBbeh3
        Eug/gkgetQK/y9U4LSBFaHUZ7SZwTWUJFjGb6LwfmS7gpCXVU8aAjvv9glY/FRQI
        NyWzYALM6pMhcGCkRBfzz8HZ6KUU500hATptI6ku/lQnilzAvWVKn0bKqnMUQ+o=
        -----END ENCRYPTED PRIVATE KEY-----
        """
    // `openssl ec -aes128`
    static let encryptedSEC1 = """
        -----BEGIN EC PRIVATE KEY-----
        Proc-Type: 4,ENCRYPTED
        DEK-Info: AES-128-CBC,B00E93F7B9430FFF31D6683A49328143

        8gH39zxzbz7OTbq+X2l7zsCfTNp15Z5dO7WX7O5AJHRbobXgzNZ70O1sqvFUpTdt
        eP1Nx0OyuuwKeDKAklSUyJ9dlvnX3bRY9xacVw4aypIjVxE6UUnklK6rDty5T9qf
        cf3jVB1+gVjFL3M/2ir8tKHAUaPcuzvl5C8E+qMiQfw=
        -----END EC PRIVATE KEY-----
        """
    // `openssl req -x509 -subj /CN=leaf`
    static let certificate = """
        MIIBdTCCARugAwIBAgIUMEVpN8hSnXW4uehJpumgoZnQxGQwCgYIKoZIzj0EAwIwDzENMAsGA1UEAwwEbGVhZjAgFw0yNjExMjQw\
        OTU0MzZaGA8yMTI2MTAzMTA5NTQzNlowDzENMAsGA1UEAwwEbGVhZjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABHaT83XufF0d\
        MZGEic0y0hA8emFCjaRzdHJWuvmwpiozish2Ot/pAEOVrK48RhMWSyPuQOYOJF9bBy7i2qbovxmjUzBRMB0GA1UdDgQWBBTbibi1\
        8xQ7FvtIxigR8G8kAOW3gjAfBgNVHSMEGDAWgBTbibi18xQ7FvtIxigR8G8kAOW3gjAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49\
        BAMCA0gAMEUCIQCOprYbad/t3KszRavLdcPxXFWfCM/yFlt3vYbSaQ+yvQIgNVROr3I4QzhzALWv0hCFgIaIiVmZNmNEh204VjEG\
        ClM=
        """
    // `openssl pkcs12 -export -legacy -keypbe PBE-SHA1-RC2-40 -certpbe PBE-SHA1-RC2-40`
    static let rc2 = """
        MIIDegIBAzCCA0AGCSqGSIb3DQEHAaCCAzEEggMtMIIDKTCCAh8GCSqGSIb3DQEHBqCCAhAwggIMAgEAMIICBQYJKoZIhvcNAQcB\
        MBwGCiqGSIb3DQEMAQYwDgQIO0TqpPy+6o0CAggAgIIB2NJScxr+fI1eB+UZADQhvDzHfk2Q7y2ghM0NWzilVjFvXKDU9zsRhyyb\
        LhVYUYQ3+GbLzNFVCjbnfp3NC4IbEXKudYYIMiI5pEtXFSwRf5DUNUnay6IBpHbtD0ehLzQ1Y852SehpWvsGGulkDs4Dy6xXEZ2A\
        J8lZLPc7+rByIOI/YYdwwEf1t3TcnPZpf9htLrxLo9YT4rcJCTmTGAQnKU4T2RHkrXnqN46NX69RzVZt11euA+r2A4Im9jqDQI4D\
        I4sgPcIwG/nrRymD7ZniIuqWAF/8xqgbup1Jmg9qWkbKWkXYzY1zkuzUaizjTZSwgfGnbq0yGZzSfb8/tDa1s77ZZSjgYhPKAGuR\
        /Fz5+52O1m9yaya+zYMx0lUMStSb1HbFfYFC1sTYMUAv4S2WzHTgOTbjOT3TZWVkWa97O7jVZvus0D0Iq22/sHACcOppEH8gpc7G\
        ZcC1bUe41wpeDLksj49EE5IqjJ/tw506KBGDJxXsn/iGzpptvl/A205prxi8IVfdM55bLB+/ZwppWZTWZXLCASuP6eAjhqkpVgmX\
        2vFHc2XNsY/hlreGv0TJT+oGg/J34ku+C8KEdbM+2Q6O0AcDbKS184czaIpgAy8XKvYIXsFGwLMwggECBgkqhkiG9w0BBwGggfQE\
        gfEwge4wgesGCyqGSIb3DQEMCgECoIG0MIGxMBwGCiqGSIb3DQEMAQYwDgQI9NVL5O5biuECAggABIGQO7NCfQ0EmmAcfcBaWVB6\
        ANOofgzCcECQYTqeFnnujnoKxW0y0Af1fnXVHTv6X5TD+WuXhKQHqUXbIVAVUuHixc+dWlkvcnWKTXDTDREXci+y5ne8FO6ZNkBq\
        Xgu4ySjfbbqokrH2Q/ECvNBXBDdebWz6PS3CtGYoyTqh5IbozVJvnTkaZKnZpShmZd+smYdLMSUwIwYJKoZIhvcNAQkVMRYEFAQh\
        TwtO3PW5aFUZejeIUAvE44OFMDEwITAJBgUrDgMCGgUABBT1VTFpIBxABDaPGSzI1XXoFFI2rwQIp0qGFxeXJEMCAggA
        """
    // `openssl pkcs12 -export -legacy -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-RC2-40`
    static let rc2Certificates = """
        MIIDegIBAzCCA0AGCSqGSIb3DQEHAaCCAzEEggMtMIIDKTCCAh8GCSqGSIb3DQEHBqCCAhAwggIMAgEAMIICBQYJKoZIhvcNAQcB\
        MBwGCiqGSIb3DQEMAQYwDgQIAJBzyC5b7XMCAggAgIIB2Jxyd4dU99N8aeLk+kC8Hu3ZExb87Fl1YrYC45BZsn/plb4pfZTJmOzr\
        3RupkkUKriEvPD3ZMaq/L0KOto+Gj3m5xZS0Xm+lUj6B3GsozmjVdn+pG/kh71Gblo+Jwgtzhc4cpwbhsqF9hhPgizxO21Cv/tHk\
        aaRyGTx2FN5bELenRJPJv3hLNi/DD06P84FXOH6yV4icUOTkQDcQORhf5Lzk76X7Eup2k0nrx9wQ8L9Z2eQPVSTLu7C7U886gC4Y\
        Qybaj1J2y25TnEDpGFiND64n5B2yOMs4UBuUvN7PoBp+8qOnaZ3Xsl5ZinRY4qYIRC6voeUN6YPfdA6UtGi62xY9wSOvGJEHrp6k\
        /+fXA8MqINHOgtJPdnAVuFbAA0mblPv4DrdD9bsITglS8EB29vbEoI1Sgiao+ktSPpQR6SRjptYcPKt5zj65vPnhhumFh2yyJ6sF\
        yRJpnSdLZM996BmPnZXgmVWcHoFetWQkddT/vbeZYhEK+w3XBbVK8amYyQVTeJ5kRQ+eJ9GeygJdXmVztzhZcZtKnRNKU0TE+6Fn\
        RR+Wtcnc4fxPElwlRCETLjMD5D3+0CsvAa2YsH1+lVlK8mosXYrQjFdBT028/HXX14LOMkJjcg4wggECBgkqhkiG9w0BBwGggfQE\
        gfEwge4wgesGCyqGSIb3DQEMCgECoIG0MIGxMBwGCiqGSIb3DQEMAQMwDgQIaCB6AkWQKykCAggABIGQmyvRx+eCsQyEX2JNjFFK\
        D+HDAmPHLB+Ji3YJsBTINdYaiDG3/itKqD7ajFZlM3mAWw7QudTwMzkQh4gQWlIW8fZ6e07Pyv1i6TNzYN60DlEkKDX6OFjEfEbN\
        snoqcx1lJcofi4HzmjBVPVaJNTWSOLOiq3PsNmtdDbHmI0yKBAoJFFeh25gKvEF8OIu7/uSgMSUwIwYJKoZIhvcNAQkVMRYEFAQh\
        TwtO3PW5aFUZejeIUAvE44OFMDEwITAJBgUrDgMCGgUABBQAIZ5eW9Mz8t4r9xe5erCqGSux0gQIkFWhG0NJa4MCAggA
        """
    // `openssl pkcs12 -export -keypbe PBE-SHA1-3DES -certpbe NONE -macalg sha1 -passout pass:`
    static let withoutPassphrase = """
        MIIDPwIBAzCCAwUGCSqGSIb3DQEHAaCCAvYEggLyMIIC7jCCAeQGCSqGSIb3DQEHAaCCAdUEggHRMIIBzTCCAckGCyqGSIb3DQEM\
        CgEDoIIBkTCCAY0GCiqGSIb3DQEJFgGgggF9BIIBeTCCAXUwggEboAMCAQICFDBFaTfIUp11uLnoSabpoKGZ0MRkMAoGCCqGSM49\
        BAMCMA8xDTALBgNVBAMMBGxlYWYwIBcNMjYxMTI0MDk1NDM2WhgPMjEyNjEwMzEwOTU0MzZaMA8xDTALBgNVBAMMBGxlYWYwWTAT\
        BgcqhkjOPQIBBggqhkjOPQMBBwNCAAR2k/N17nxdHTGRhInNMtIQPHphQo2kc3RyVrr5sKYqM4rIdjrf6QBDlayuPEYTFksj7kDm\
        DiRfWwcu4tqm6L8Zo1MwUTAdBgNVHQ4EFgQU24m4tfMUOxb7SMYoEfBvJADlt4IwHwYDVR0jBBgwFoAU24m4tfMUOxb7SMYoEfBv\
        JADlt4IwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEAjqa2G2nf7dyrM0Wry3XD8VxVnwjP8hZbd72G0mkPsr0C\
        IDVUTq9yOEM4cwC1r9IQhYCGiIlZmTZjRIdtOFYxBgpTMSUwIwYJKoZIhvcNAQkVMRYEFAQhTwtO3PW5aFUZejeIUAvE44OFMIIB\
        AgYJKoZIhvcNAQcBoIH0BIHxMIHuMIHrBgsqhkiG9w0BDAoBAqCBtDCBsTAcBgoqhkiG9w0BDAEDMA4ECO1lm5skfoZOAgIIAASB\
        kEgfkU1rHklWD3sCMxqQ1SULKJeAqTSgppMrVsXw4IegKnSWGlSiTE2eaRUqnm+57lb93ZMZobQNUCTG24lh+DdggUxIxKNoH9/n\
        zRABkaD3voWd4sTa/7X/dEu6T1u5w/npU2ddY+bbJ0hNgtJZl1DU2MUlgPtZvIiRbUYpGc406d1JjsNvah2vpZoZ8TTUxjElMCMG\
        CSqGSIb3DQEJFTEWBBQEIU8LTtz1uWhVGXo3iFALxOODhTAxMCEwCQYFKw4DAhoFAAQUx+zmQF5NhHg4acRqn9Aj834sOQQECEED\
        +Y2nJJ8oAgIIAA==
        """
    // `openssl ecparam -name prime256v1 -param_enc explicit -genkey` and `openssl pkey -pubout`
    static let explicitCurve = """
        MIIBSzCCAQMGByqGSM49AgEwgfcCAQEwLAYHKoZIzj0BAQIhAP////8AAAABAAAAAAAAAAAAAAAA////////////////MFsEIP//\
        //8AAAABAAAAAAAAAAAAAAAA///////////////8BCBaxjXYqjqT57PrvVV2mIa8ZR0GsMxTsPY7zjw+J9JgSwMVAMSdNgiG5wST\
        amZ44ROdJreBn36QBEEEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBo\
        N79R9QIhAP////8AAAAA//////////+85vqtpxeehPO5ysL8YyVRAgEBA0IABAkol8BcTttqHBaamkbUefnGHYv+Tp+8eEKo8ECi\
        FDJ2xdAuIpVyMuROTeNSOwqe6o2H3bkPcby6s0G3HtkcVBs=
        """
}
