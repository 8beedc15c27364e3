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

  /// What the audit trail of somebody's tenant has of one method and one resource, as "outcome:
  /// fields".
  protected List<String> audited(Person by, String method, String resourceId) {
    return service.column(
        "select outcome || ': ' || coalesce((select string_agg(k, ',' order by k)"
            + " from jsonb_object_keys(changes) k), '') from audit_entry where tenant_id = '"
            + by.caller().tenantId()
            + "' and action like '%/"
            + method
            + "' and resource_id = '"
            + resourceId
            + "' order by created_at, id");
  }

  /// What is revoked, as "kind subject".
  protected List<String> revoked(String subject) {
    return service.column("select kind from revocation where subject = '" + subject + "'");
  }

  protected static FieldMask mask(String... paths) {
    return FieldMask.newBuilder().addAllPaths(List.of(paths)).build();
  }
}
