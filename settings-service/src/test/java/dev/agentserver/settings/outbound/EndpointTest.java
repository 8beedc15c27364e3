package dev.agentserver.settings.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
  @ParameterizedTest
  @CsvSource({
    "http://a.example, a.example:80",
    "HTTPS://A.Example./x, a.example:443",
    "https://a.example:8443, a.example:8443",
    "http://[2001:DB8::1]:81/, 2001:db8::1:81"
  })
  void aUrlSaysWhereToAsk(String url, String where) {
    var endpoint = Endpoint.parse(url).orElseThrow();
    assertThat(endpoint.host() + ":" + endpoint.port()).isEqualTo(where);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gopher://a.example",
        "file:///etc/passwd",
        "jar:http://a.example!/x",
        "//a.example",
        "http:a.example",
        "http://",
        "http://user@a.example",
        "http://a.example@b.example",
        "http://a.example#b",
        "http://a.example:0",
        "http://a.example:65536",
        "http://a.example/x\r\nHost: b",
        "http://a_b.example",
        "http://[fe80::1%25eth0]/",
        "http://a.example/\u00e9"
      })
  void othersAreNone(String url) {
    assertThat(Endpoint.parse(url)).isEmpty();
  }
}
