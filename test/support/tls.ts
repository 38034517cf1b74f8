/**
 * A self-signed certificate for test servers: browsers accept it if configured to. Made with
 * `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500`.
 */
export const TLS = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgCxhTMtiXnRxIAnkG
j8azQ7oIwsiK/ViHx+Ff31Adi8+hRANCAAQ27SiP79fmnLxH8cmKDOsDBQORfhzs
+uZR/l9cdkFeQwWVkVhLZF4dapAB7jSwus0FhnOz9nZcZzjbeZh7geZE
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBhjCCASugAwIBAgIUcbmM7MJgVSK05F7Mk41a2V+0SIIwCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMdHlwaG9vbiB0ZXN0MCAXDTI2MTEyNjA4Mjc0M1oYDzIxMjYx
MTAyMDgyNzQzWjAXMRUwEwYDVQQDDAx0eXBob29uIHRlc3QwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAAQ27SiP79fmnLxH8cmKDOsDBQORfhzs+uZR/l9cdkFeQwWV
kVhLZF4dapAB7jSwus0FhnOz9nZcZzjbeZh7geZEo1MwUTAdBgNVHQ4EFgQUlT/z
OSeJk91/Xba6jYbWNxqfbjgwHwYDVR0jBBgwFoAUlT/zOSeJk91/Xba6jYbWNxqf
bjgwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEA51PvufRNUVWe
tNFHVt5y/SohiOl7jQIcLcAbndcH2jQCIQC01uv5n2vqBxcAuC5pX+wazqBe40CI
Jj9sCpevDnwsbw==
-----END CERTIFICATE-----`,
};

/** The same for the addresses of this machine, to replace the first. */
export const SECOND_TLS = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg+86WuzzWvoT8AfMc
Yaz9KIrQ2VJJ/QG6GSdgv5q57cmhRANCAASTEi7jvVtbud5Jx14lQ4rKKNqbOgRx
EfI0eAqulrZi2dbtJNsBxDMw27IMNupGqw2lYyK2S+1OJfvIpFacTDar
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBpjCCAUugAwIBAgIURgdR+xPmHBdWRW14kzA6ixG66Q0wCgYIKoZIzj0EAwIw
GTEXMBUGA1UEAwwOdHlwaG9vbiBzZWNvbmQwIBcNMjYxMTI2MjE0MjAzWhgPMjEy
NjExMDIyMTQyMDNaMBkxFzAVBgNVBAMMDnR5cGhvb24gc2Vjb25kMFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAEkxIu471bW7neScdeJUOKyijamzoEcRHyNHgKrpa2
YtnW7STbAcQzMNuyDDbqRqsNpWMitkvtTiX7yKRWnEw2q6NvMG0wHQYDVR0OBBYE
FAikRya1UHfd7eDmkWTvm69utLRBMB8GA1UdIwQYMBaAFAikRya1UHfd7eDmkWTv
m69utLRBMA8GA1UdEwEB/wQFMAMBAf8wGgYDVR0RBBMwEYcEfwAAAYIJbG9jYWxo
b3N0MAoGCCqGSM49BAMCA0kAMEYCIQCH0/ov5ayghnikq+IhpAdmseEBqfKlelZ5
bgT2OYF8xAIhAOykZxGbOfxS+cO3nmxr6amdV8Ka+9wFAbjCt1SsrDZ8
-----END CERTIFICATE-----`,
};
