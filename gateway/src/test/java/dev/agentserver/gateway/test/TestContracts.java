package dev.agentserver.gateway.test;

import com.google.protobuf.Descriptors.Descriptor;
import dev.agentserver.gateway.contract.Contracts;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/// The descriptor set of the test's own contracts.
public final class TestContracts {
  private TestContracts() {}

  public static Path file() {
    try {
      return Path.of(
          Objects.requireNonNull(TestContracts.class.getResource("/test.binpb")).toURI());
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  public static Contracts load() {
    return Contracts.load(Optional.of(file()));
  }

  public static Descriptor type(String fullName) {
    return Objects.requireNonNull(load().type(fullName), fullName);
  }
}
