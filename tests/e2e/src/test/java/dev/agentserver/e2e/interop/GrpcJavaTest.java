package dev.agentserver.e2e.interop;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// grpc-java's TestServiceClient through the gateway. Left out is what its own server does not
/// pass: cacheable_unary, client_compressed_unary, client_compressed_streaming; and credentials of
/// Google's clouds.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GrpcJavaTest {
  private Interop interop;

  @BeforeAll
  void start() throws IOException {
    interop = Interop.start();
  }

  @AfterAll
  void stop() {
    interop.close();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "empty_unary",
        "large_unary",
        "client_compressed_unary_noprobe",
        "server_compressed_unary",
        "client_streaming",
        "client_compressed_streaming_noprobe",
        "server_streaming",
        "server_compressed_streaming",
        "ping_pong",
        "empty_stream",
        "custom_metadata",
        "status_code_and_message",
        "special_status_message",
        "unimplemented_method",
        "unimplemented_service",
        "cancel_after_begin",
        "cancel_after_first_response",
        "timeout_on_sleeping_server",
        "very_large_request",
        "pick_first_unary",
        "rpc_soak",
        "channel_soak",
        "orca_per_rpc",
        "orca_oob"
      })
  @Timeout(value = 1, unit = TimeUnit.MINUTES)
  void theInteropClientFindsNothing(String testCase) throws Throwable {
    Reference.run(testCase, interop.url().getPort());
  }
}
