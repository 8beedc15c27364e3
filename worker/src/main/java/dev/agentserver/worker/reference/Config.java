package dev.agentserver.worker.reference;

import dev.agentserver.worker.reference.model.ModelConfig;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What the process is told from outside; docs/operations.md lists the variables.
///
/// @param url of the gateway
/// @param key an API key with the right `run:work`
/// @param name what it is called, for people
/// @param effects where steps leave a trace
/// @param model who answers where a run asks for a model
record Config(
    URI url,
    String key,
    String name,
    List<String> queues,
    int concurrency,
    Duration heartbeat,
    Optional<Path> effects,
    Optional<ModelConfig> model) {
  /// Of a lease with all its tools.
  private static final int LARGEST = 16 << 20;

  private static final String DEFAULT_URL = "http://127.0.0.1:8080";

  static Config from(Map<String, String> environment) {
    var variables = new Variables(environment);
    return new Config(
        URI.create(variables.text("URL", DEFAULT_URL)),
        variables
            .secret("API_KEY")
            .orElseThrow(
                () -> new IllegalArgumentException("neither API_KEY nor API_KEY_FILE is set")),
        variables.text("NAME", "reference"),
        Stream.of(variables.text("QUEUES", "default").split(",")).map(String::strip).toList(),
        Integer.parseInt(variables.text("CONCURRENCY", "4")),
        Duration.parse(variables.text("HEARTBEAT", "PT10S")),
        Optional.of(variables.text("EFFECTS", "")).filter(text -> !text.isEmpty()).map(Path::of),
        model(variables));
  }

  private static Optional<ModelConfig> model(Variables variables) {
    var url = variables.text("MODEL_URL", "");
    return url.isEmpty()
        ? Optional.empty()
        : Optional.of(new ModelConfig(URI.create(url), variables.secret("MODEL_KEY").orElse("")));
  }

  /// To the gateway.
  ManagedChannel channel() {
    var secure = url.getScheme().equals("https");
    var port = url.getPort() > 0 ? url.getPort() : secure ? 443 : 80;
    ChannelCredentials credentials =
        secure ? TlsChannelCredentials.create() : InsecureChannelCredentials.create();
    return Grpc.newChannelBuilderForAddress(url.getHost(), port, credentials)
        .maxInboundMessageSize(LARGEST)
        .build();
  }

  /// An empty variable counts as absent, because compose files cannot unset one.
  private record Variables(Map<String, String> values) {
    String text(String name, String fallback) {
      var value = values.getOrDefault(name, "").strip();
      return value.isEmpty() ? fallback : value;
    }

    Optional<String> secret(String name) {
      var file = text(name + "_FILE", "");
      try {
        var secret = file.isEmpty() ? text(name, "") : Files.readString(Path.of(file)).strip();
        return secret.isEmpty() ? Optional.empty() : Optional.of(secret);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }
}
