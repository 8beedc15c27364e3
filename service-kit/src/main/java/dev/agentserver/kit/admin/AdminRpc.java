package dev.agentserver.kit.admin;

import dev.agentserver.common.v1.AdminServiceGrpc;
import dev.agentserver.common.v1.GetDatabaseHealthRequest;
import dev.agentserver.common.v1.GetSchemaStatusRequest;
import dev.agentserver.common.v1.ListAuditEntriesRequest;
import dev.agentserver.common.v1.ListAuditEntriesResponse;
import dev.agentserver.common.v1.ListRefusalCountsRequest;
import dev.agentserver.common.v1.ListRefusalCountsResponse;
import dev.agentserver.common.v1.ListSlowQueriesRequest;
import dev.agentserver.common.v1.ListSlowQueriesResponse;
import dev.agentserver.common.v1.SchemaStatus;
import dev.agentserver.common.v1.VerifyAuditTrailRequest;
import dev.agentserver.common.v1.VerifyAuditTrailResponse;
import dev.agentserver.kit.audit.AuditPlace;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.audit.RefusalPlace;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.db.DatabaseHealth;
import dev.agentserver.kit.db.Migrations;
import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.db.SchemaDrift;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.List;

/// Serves health, schema, statements and audit trail of one service.
public final class AdminRpc implements BindableService {
  private static final int PAGE = 50;
  private static final int MAX_PAGE = 200;
  private static final int MAX_DIFFERENCES = 200;
  private static final int VERIFIED = 1_000;
  private static final int MAX_VERIFIED = 10_000;

  private final Database database;
  private final SchemaDrift drift;
  private final AuditTrail audit;

  public AdminRpc(Database database, SchemaDrift drift, AuditTrail audit) {
    this.database = database;
    this.drift = drift;
    this.audit = audit;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(AdminServiceGrpc.getServiceDescriptor())
        .unary(AdminServiceGrpc.getGetDatabaseHealthMethod(), this::health)
        .unary(AdminServiceGrpc.getGetSchemaStatusMethod(), this::schema)
        .unary(AdminServiceGrpc.getListSlowQueriesMethod(), this::slowQueries)
        .unary(AdminServiceGrpc.getListAuditEntriesMethod(), this::auditEntries)
        .unary(AdminServiceGrpc.getVerifyAuditTrailMethod(), this::verify)
        .unary(AdminServiceGrpc.getListRefusalCountsMethod(), this::refusals)
        .build();
  }

  private dev.agentserver.common.v1.DatabaseHealth health(GetDatabaseHealthRequest request) {
    return AdminProto.toProto(DatabaseHealth.of(database));
  }

  private SchemaStatus schema(GetSchemaStatusRequest request) {
    var differences = drift.differences();
    return SchemaStatus.newBuilder()
        .setVersion(Migrations.version(database))
        .setInSync(differences.isEmpty())
        .addAllDifferences(differences.stream().limit(MAX_DIFFERENCES).toList())
        .build();
  }

  /// The statements change places while one pages through them; the place is all a page can hold on
  /// to.
  private ListSlowQueriesResponse slowQueries(ListSlowQueriesRequest request) {
    var scope =
        new PageScope(
            Callers.current(), AdminServiceGrpc.getListSlowQueriesMethod().getFullMethodName(), "");
    var size = PageScope.size(request.getPageSize(), PAGE, MAX_PAGE);
    var skipped =
        scope.position(request.getPageToken(), keys -> Integer.parseInt(keys.getFirst())).orElse(0);
    var all = database.slowQueries().slowestFirst();
    var response = ListSlowQueriesResponse.newBuilder();
    all.stream().skip(skipped).limit(size).map(AdminProto::toProto).forEach(response::addQueries);
    if (all.size() > skipped + size) {
      response.setNextPageToken(scope.token(List.of(String.valueOf(skipped + size))));
    }
    return response.build();
  }

  private ListAuditEntriesResponse auditEntries(ListAuditEntriesRequest request) {
    var caller = Callers.current();
    var filter = AdminProto.filter(request);
    var scope =
        new PageScope(
            caller,
            AdminServiceGrpc.getListAuditEntriesMethod().getFullMethodName(),
            filter.toString());
    var size = PageScope.size(request.getPageSize(), PAGE, MAX_PAGE);
    var after = scope.position(request.getPageToken(), AuditPlace::of).orElse(null);
    var found = audit.newest(caller.tenantId(), filter, after, size + 1);
    var page = found.subList(0, Math.min(size, found.size()));
    var response = ListAuditEntriesResponse.newBuilder();
    page.stream().map(AdminProto::toProto).forEach(response::addEntries);
    if (found.size() > size) {
      response.setNextPageToken(scope.token(AuditPlace.of(page.getLast()).keys()));
    }
    return response.build();
  }

  private VerifyAuditTrailResponse verify(VerifyAuditTrailRequest request) {
    var size = PageScope.size(request.getPageSize(), VERIFIED, MAX_VERIFIED);
    var checked = audit.verify(request.getAfterPosition(), size);
    var fault = checked.fault();
    var response =
        VerifyAuditTrailResponse.newBuilder()
            .setCheckedThrough(checked.through())
            .setComplete(checked.through() - request.getAfterPosition() < size);
    if (fault != null) {
      response.setFault(AdminProto.toProto(fault, Callers.current().tenantId()));
    }
    return response.build();
  }

  private ListRefusalCountsResponse refusals(ListRefusalCountsRequest request) {
    var method = AdminServiceGrpc.getListRefusalCountsMethod().getFullMethodName();
    var scope = new PageScope(Callers.current(), method, "");
    var size = PageScope.size(request.getPageSize(), PAGE, MAX_PAGE);
    var after = scope.position(request.getPageToken(), RefusalPlace::of).orElse(null);
    var found = audit.refusals(after, size + 1);
    var page = found.subList(0, Math.min(size, found.size()));
    var response = ListRefusalCountsResponse.newBuilder();
    page.stream().map(AdminProto::toProto).forEach(response::addCounts);
    if (found.size() > size) {
      response.setNextPageToken(scope.token(RefusalPlace.of(page.getLast()).keys()));
    }
    return response.build();
  }
}
