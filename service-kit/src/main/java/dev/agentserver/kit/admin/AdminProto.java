package dev.agentserver.kit.admin;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.JsonFormat;
import dev.agentserver.common.v1.ListAuditEntriesRequest;
import dev.agentserver.common.v1.SlowQuery;
import dev.agentserver.kit.audit.AuditEntry;
import dev.agentserver.kit.audit.AuditFault;
import dev.agentserver.kit.audit.AuditFilter;
import dev.agentserver.kit.audit.Refusals;
import dev.agentserver.kit.db.DatabaseHealth;
import dev.agentserver.kit.db.SlowQueries;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Between what AdminService says and what the kit knows.
final class AdminProto {
  private AdminProto() {}

  static dev.agentserver.common.v1.DatabaseHealth toProto(DatabaseHealth health) {
    var proto =
        dev.agentserver.common.v1.DatabaseHealth.newBuilder()
            .setLatency(duration(health.latency()))
            .setPoolSize(health.pool().size())
            .setPoolActive(health.pool().active())
            .setPoolWaiting(health.pool().waiting())
            .setLongTransactions(health.longTransactions())
            .setDeadTuples(health.deadTuples())
            .setServerVersion(health.serverVersion())
            .setOutboxUnsequenced(health.unsequenced());
    if (health.replicationLag() != null) {
      proto.setReplicationLag(duration(health.replicationLag()));
    }
    return proto.build();
  }

  static SlowQuery toProto(SlowQueries.SlowQuery query) {
    return SlowQuery.newBuilder()
        .setStatement(query.statement())
        .setCalls(query.calls())
        .setTotal(duration(query.total()))
        .setMax(duration(query.max()))
        .build();
  }

  static dev.agentserver.common.v1.AuditEntry toProto(AuditEntry entry) {
    var proto =
        dev.agentserver.common.v1.AuditEntry.newBuilder()
            .setId(entry.id().toString())
            .setPosition(entry.position())
            .setActorId(entry.actorId().toString())
            .setCredentialId(entry.credentialId())
            .setAction(entry.action())
            .setResource(entry.resource())
            .setResourceId(entry.resourceId())
            .setOutcome(outcome(entry.outcome()))
            .setReason(entry.reason())
            .setRequestId(entry.requestId())
            .setCreatedAt(timestamp(entry.createdAt().toInstant()))
            .setRowHash(HexFormat.of().formatHex(entry.rowHash()));
    struct(entry.changes())
        .getFieldsMap()
        .forEach((field, hash) -> proto.putChanges(field, hash.getStringValue()));
    return proto.build();
  }

  static AuditFilter filter(ListAuditEntriesRequest request) {
    return new AuditFilter(
        request.getActorId().isEmpty() ? null : UUID.fromString(request.getActorId()),
        orNull(request.getResource()),
        orNull(request.getResourceId()),
        orNull(request.getAction()),
        outcome(request.getOutcome()),
        request.hasStartTime() ? instant(request.getStartTime()) : null,
        request.hasEndTime() ? instant(request.getEndTime()) : null);
  }

  private static dev.agentserver.common.v1.AuditEntry.Outcome outcome(AuditEntry.Outcome outcome) {
    return switch (outcome) {
      case DONE -> dev.agentserver.common.v1.AuditEntry.Outcome.OUTCOME_DONE;
      case REFUSED -> dev.agentserver.common.v1.AuditEntry.Outcome.OUTCOME_REFUSED;
    };
  }

  private static AuditEntry.@Nullable Outcome outcome(
      dev.agentserver.common.v1.AuditEntry.Outcome outcome) {
    return switch (outcome) {
      case OUTCOME_DONE -> AuditEntry.Outcome.DONE;
      case OUTCOME_REFUSED -> AuditEntry.Outcome.REFUSED;
      case OUTCOME_UNSPECIFIED, UNRECOGNIZED -> null;
    };
  }

  /// @param tenantId who asks: of another tenant's entry only the position is told
  static dev.agentserver.common.v1.AuditFault toProto(AuditFault fault, UUID tenantId) {
    var proto =
        dev.agentserver.common.v1.AuditFault.newBuilder()
            .setKind(
                switch (fault.kind()) {
                  case MISSING -> dev.agentserver.common.v1.AuditFault.Kind.KIND_MISSING;
                  case ALTERED -> dev.agentserver.common.v1.AuditFault.Kind.KIND_ALTERED;
                  case ADDED -> dev.agentserver.common.v1.AuditFault.Kind.KIND_ADDED;
                })
            .setPosition(fault.position());
    if (tenantId.equals(fault.tenantId())) {
      proto.setEntryId(String.valueOf(fault.entryId()));
    }
    return proto.build();
  }

  static dev.agentserver.common.v1.RefusalCount toProto(Refusals refusals) {
    return dev.agentserver.common.v1.RefusalCount.newBuilder()
        .setMinute(timestamp(refusals.minute().toInstant()))
        .setReason(refusals.reason())
        .setAddress(refusals.address())
        .setCount(refusals.count())
        .build();
  }

  private static Struct struct(String json) {
    try {
      var struct = Struct.newBuilder();
      JsonFormat.parser().merge(json, struct);
      return struct.build();
    } catch (InvalidProtocolBufferException failure) {
      throw new IllegalStateException("PostgreSQL wrote JSON that cannot be read", failure);
    }
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private static Instant instant(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }

  private static Timestamp timestamp(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }

  private static com.google.protobuf.Duration duration(Duration duration) {
    return com.google.protobuf.Duration.newBuilder()
        .setSeconds(duration.toSeconds())
        .setNanos(duration.getNano())
        .build();
  }
}
