package dev.agentserver.settings.erasure;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.settings.Harness;
import dev.agentserver.settings.Person;
import dev.agentserver.settings.ServiceTest;
import dev.agentserver.settings.v1.DeleteOrganizationRequest;
import dev.agentserver.settings.v1.DeleteUserRequest;
import dev.agentserver.settings.v1.ErasedTable;
import dev.agentserver.settings.v1.Erasure;
import dev.agentserver.settings.v1.ErasureServiceGrpc;
import dev.agentserver.settings.v1.GetErasureRequest;
import dev.agentserver.settings.v1.ReportErasureRequest;
import io.grpc.Status.Code;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ErasureRpcTest extends ServiceTest {
  private static final String CONVERSATION = "conversation-service";
  private static final String AGENT_RUN = "agent-run-service";
  private static final String FILE = "file-service";

  private final UUID home = UUID.randomUUID();

  private Erasure erased(Person owner) {
    var ann = service.person(home, "MEMBER");
    return owner.users().deleteUser(DeleteUserRequest.newBuilder().setUserId(ann.id()).build());
  }

  private ReportErasureRequest.Builder report(Erasure erasure, long removed, long remaining) {
    return ReportErasureRequest.newBuilder()
        .setTenantId(home.toString())
        .setErasureId(erasure.getId())
        .setService(CONVERSATION)
        .setRowsRemoved(removed)
        .setRowsRemaining(remaining)
        .addTables(
            ErasedTable.newBuilder()
                .setTable("message")
                .setRowsRemoved(removed)
                .setRowsChanged(1)
                .setRowsRemaining(remaining));
  }

  private void send(ReportErasureRequest.Builder report) {
    ErasureServiceGrpc.newBlockingStub(service.channel(Harness.servicePrincipal()))
        .reportErasure(report.build());
  }

  private static Erasure get(Person by, Erasure erasure) {
    return by.users()
        .getErasure(GetErasureRequest.newBuilder().setErasureId(erasure.getId()).build());
  }

  @Test
  void anErasureIsCompleteWhenEveryServiceFindsNothing() {
    var owner = service.person(home, "TENANT_OWNER");
    var erasure = erased(owner);
    assertThat(get(owner, erasure).getComplete()).isFalse();
    send(report(erasure, 4, 2));
    assertThat(get(owner, erasure).getComplete()).isFalse();
    send(report(erasure, 6, 0));
    assertThat(get(owner, erasure).getComplete()).isFalse();
    send(report(erasure, 0, 0).setService(AGENT_RUN));
    assertThat(get(owner, erasure).getComplete()).isFalse();
    send(report(erasure, 0, 0).setService(FILE));
    var done = get(owner, erasure);
    assertThat(done.getComplete()).isTrue();
    assertThat(done.getReportsList())
        .extracting(Erasure.Report::getService)
        .containsExactly(AGENT_RUN, CONVERSATION, FILE, "settings-service");
    var report = done.getReports(1);
    assertThat(report.getRowsRemoved()).isEqualTo(6);
    assertThat(report.getTablesList())
        .containsExactly(
            ErasedTable.newBuilder()
                .setTable("message")
                .setRowsRemoved(6)
                .setRowsChanged(1)
                .build());
  }

  @Test
  void theServicesOwnReportNamesEveryTable() {
    var owner = service.person(home, "TENANT_OWNER");
    var own = get(owner, erased(owner)).getReports(0);
    assertThat(own.getService()).isEqualTo("settings-service");
    assertThat(own.getRowsRemoved()).isEqualTo(2);
    assertThat(own.getTablesList())
        .extracting(ErasedTable::getTable)
        .contains("user_account", "user_role", "api_key", "chat_settings", "idempotency_key");
    assertThat(own.getTablesList()).allMatch(table -> table.getRowsRemaining() == 0);
  }

  @Test
  void aTenantLeavesNothingButWhatIsSaidOfItsErasure() {
    var owner = service.person(home, "TENANT_OWNER");
    erased(owner);
    service.sql(
        "insert into idempotency_key (tenant_id, principal_id, method, request_id, request_hash) values ('%s', '%s', 'm', 'r', sha256('x'))"
            .formatted(home, owner.id()));
    var platform = service.person(UUID.randomUUID(), "PLATFORM_ADMIN");
    platform
        .organizations()
        .deleteOrganization(
            DeleteOrganizationRequest.newBuilder().setOrganizationId(home.toString()).build());
    var tables =
        service.column(
            "select table_name from information_schema.columns join information_schema.tables using (table_schema, table_name)"
                + " where table_schema = 'settings' and column_name = 'tenant_id' and table_type = 'BASE TABLE'");
    assertThat(tables).hasSizeGreaterThan(12);
    assertThat(
            tables.stream()
                .filter(
                    table ->
                        !service
                            .column(
                                "select 1 from %s where tenant_id = '%s'".formatted(table, home))
                            .isEmpty()))
        .containsExactlyInAnyOrder(
            "audit_entry", "erasure", "erasure_report", "erasure_report_table", "outbox_fact");
  }

  @Test
  void anUnknownErasureAndAnUnknownServiceAreRefused() {
    var owner = service.person(home, "TENANT_OWNER");
    var erasure = erased(owner);
    assertProblem(
        Code.NOT_FOUND,
        "NOT_FOUND",
        () -> send(report(erasure, 0, 0).setErasureId(UUID.randomUUID().toString())));
    assertProblem(
        Code.NOT_FOUND,
        "NOT_FOUND",
        () -> send(report(erasure, 0, 0).setTenantId(UUID.randomUUID().toString())));
    for (var service : List.of("somebody", "settings-service")) {
      assertProblem(
              Code.INVALID_ARGUMENT,
              "INVALID_ARGUMENT",
              () -> send(report(erasure, 0, 0).setService(service)))
          .field("service");
    }
  }

  @Test
  void aReportWhoseTablesDoNotAddUpIsRefused() {
    var owner = service.person(home, "TENANT_OWNER");
    var erasure = erased(owner);
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> send(report(erasure, 4, 2).clearTables()))
        .field("rows_removed");
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> send(report(erasure, 4, 2).setRowsRemaining(0)))
        .field("rows_remaining");
    assertThat(get(owner, erasure).getReportsList()).hasSize(1);
  }

  @Test
  void onlyServicesReport() {
    var owner = service.person(home, "TENANT_OWNER");
    var erasure = erased(owner);
    assertProblem(
        Code.PERMISSION_DENIED,
        "PERMISSION_DENIED",
        () ->
            ErasureServiceGrpc.newBlockingStub(owner.channel())
                .reportErasure(report(erasure, 0, 0).build()));
  }
}
