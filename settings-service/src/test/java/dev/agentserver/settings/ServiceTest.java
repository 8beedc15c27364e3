package dev.agentserver.settings;

import com.google.protobuf.FieldMask;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/// A settings-service on a real PostgreSQL, behind every production interceptor, with a database of
/// its own for each test class.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ServiceTest {
  protected final UUID tenant = UUID.randomUUID();

  protected Harness service;

  @BeforeAll
  void startService() {
    service = Harness.start(variables());
  }

  @AfterAll
  void stopService() {
    service.close();
  }

  /// What this class's service is told from outside.
  protected Map<String, String> variables() {
    return Map.of();
  }

  protected static FieldMask mask(String... paths) {
    return FieldMask.newBuilder().addAllPaths(List.of(paths)).build();
  }
}
