package dev.agentserver.gateway.exchange;

/// Why a response cannot be transcoded, as Envoy tells it.
final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int BAD_GATEWAY = 502;
  private static final int INTERNAL_SERVER_ERROR = 500;

  private final int http;

  private Refused(int http, String message) {
    super(message, null, false, false);
    this.http = http;
  }

  /// The service's answer is damaged.
  static Refused damaged(String message) {
    return new Refused(BAD_GATEWAY, message);
  }

  static Refused tooLarge() {
    return new Refused(
        INTERNAL_SERVER_ERROR,
        "Response not transcoded because the transcoder's internal buffer size exceeds the"
            + " configured limit.");
  }

  /// The bytes of a body cannot be told: the connection is cut.
  static Refused cut() {
    return new Refused(0, "");
  }

  boolean isCut() {
    return http == 0;
  }

  /// Nothing came from the service.
  static Refused notThere(int http, String message) {
    return new Refused(http, message);
  }

  int http() {
    return http;
  }
}
