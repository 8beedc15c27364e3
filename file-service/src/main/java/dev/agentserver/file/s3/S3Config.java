package dev.agentserver.file.s3;

import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.config.Secret;
import java.net.URI;
import java.time.Duration;

/// Where the store is, and what using it may cost.
///
/// @param endpoint where this process reaches the store
/// @param publicEndpoint where clients reach it: presigned URLs are signed for its host
/// @param timeout how long one call may take, and the longest silence while reading
/// @param patience how long the calls may take in which the store itself copies: completing and
///     copying
/// @param buffers how many parts of 5 MiB all uploads of the process hold together
/// @param bufferWait how long an upload waits for one
public record S3Config(
    URI endpoint,
    URI publicEndpoint,
    String region,
    String bucket,
    String accessKey,
    Secret secretKey,
    Duration timeout,
    Duration patience,
    int buffers,
    Duration bufferWait) {
  private static final int MOST_BUFFERS = 1_000;

  /// Reads the environment; docs/operations.md lists the variables.
  public static S3Config from(Environment environment) {
    var endpoint = address("FILE_S3_ENDPOINT", environment.required("FILE_S3_ENDPOINT"));
    return new S3Config(
        endpoint,
        address(
            "FILE_S3_PUBLIC_ENDPOINT",
            environment.text("FILE_S3_PUBLIC_ENDPOINT", endpoint.toString())),
        environment.text("FILE_S3_REGION", "us-east-1"),
        environment.text("FILE_S3_BUCKET", "agentserver"),
        environment.required("FILE_S3_ACCESS_KEY"),
        environment.secret("FILE_S3_SECRET_KEY"),
        environment.duration("FILE_S3_TIMEOUT", Duration.ofSeconds(30)),
        environment.duration("FILE_S3_PATIENCE", Duration.ofMinutes(10)),
        environment.integer("FILE_PART_BUFFERS", 8, 1, MOST_BUFFERS),
        environment.duration("FILE_PART_WAIT", Duration.ofSeconds(30)));
  }

  private static URI address(String name, String value) {
    try {
      var address = URI.create(value);
      var scheme = String.valueOf(address.getScheme());
      if ((scheme.equals("http") || scheme.equals("https")) && address.getHost() != null) {
        return address;
      }
    } catch (IllegalArgumentException notAnAddress) {
      throw new IllegalArgumentException(wrong(name, value), notAnAddress);
    }
    throw new IllegalArgumentException(wrong(name, value));
  }

  private static String wrong(String name, String value) {
    return name + " is \"" + value + "\", allowed is http://host:port or https://host";
  }
}
