package dev.agentserver.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/// A file-service on a real PostgreSQL, behind every production interceptor, with a database of its
/// own for each test class.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ServiceTest {
  static final UUID TENANT = UUID.randomUUID();

  Harness service;
  Person alice;
  Person bob;

  @BeforeAll
  void startService() {
    service = start();
    alice = service.person(TENANT, "MEMBER");
    bob = service.person(TENANT, "MEMBER");
  }

  Harness start() {
    return Harness.start();
  }

  @AfterAll
  void stopService() {
    service.close();
  }

  /// There is an object for each READY blob and no other.
  void assertOneTruth() {
    assertThat(service.store().keys())
        .containsExactlyInAnyOrderElementsOf(
            service.column("select object_key from blob where state = 'READY'"));
    assertThat(service.store().unfinished("", null, 10)).isEmpty();
    assertThat(service.column("select count(*) from blob where state <> 'READY'"))
        .containsExactly("0");
    assertThat(
            service.column(
                "select b.object_key from blob b where b.ref_count <> (select count(*) from file f"
                    + " where f.tenant_id = b.tenant_id and f.blob_id = b.blob_id)"))
        .isEmpty();
    assertThat(
            service.column(
                """
                select u.owner_id from storage_usage u, lateral (
                  select coalesce(sum(b.size), 0)::bigint as bytes, count(*) as files
                  from file f join blob b using (tenant_id, blob_id)
                  where f.tenant_id = u.tenant_id and f.state = 'READY'
                    and (f.owner_id = u.owner_id or u.owner_id = '00000000-0000-0000-0000-000000000000')) are
                where (u.bytes, u.files) is distinct from (are.bytes, are.files)
                """))
        .isEmpty();
  }
}
