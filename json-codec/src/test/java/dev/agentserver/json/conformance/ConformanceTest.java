package dev.agentserver.json.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.conformance.Conformance.ConformanceRequest;
import com.google.protobuf.conformance.Conformance.ConformanceResponse;
import com.google.protobuf.conformance.Conformance.WireFormat;
import java.io.IOException;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/// What protobuf's conformance suite asked, and the answers it found right. The suite itself is run
/// by `json-codec/conformance`, because its runner does not start on every system.
class ConformanceTest {
  private static final int REQUESTS_ABOUT_JSON = 2_700;

  @Test
  void theAnswersAreThoseThatTheSuiteFoundRight() throws IOException {
    int asked = 0;
    var resource = ConformanceTest.class.getResourceAsStream("/conformance.gz");
    try (var in = new GZIPInputStream(Objects.requireNonNull(resource))) {
      for (var request = ConformanceRequest.parseDelimitedFrom(in);
          request != null;
          request = ConformanceRequest.parseDelimitedFrom(in)) {
        var answer = ConformanceResponse.parseDelimitedFrom(in);
        if (request.hasJsonPayload() || request.getRequestedOutputFormat() == WireFormat.JSON) {
          asked++;
          assertSame(request, answer);
        }
      }
    }
    assertThat(asked).isGreaterThan(REQUESTS_ABOUT_JSON);
  }

  /// What is refused may be refused in other words.
  private static void assertSame(ConformanceRequest request, ConformanceResponse expected) {
    var answer = Suite.answer(request);
    assertThat(answer.getResultCase()).as("%s", request).isEqualTo(expected.getResultCase());
    assertThat(answer.getJsonPayload()).as("%s", request).isEqualTo(expected.getJsonPayload());
    assertThat(answer.getProtobufPayload())
        .as("%s", request)
        .isEqualTo(expected.getProtobufPayload());
  }
}
