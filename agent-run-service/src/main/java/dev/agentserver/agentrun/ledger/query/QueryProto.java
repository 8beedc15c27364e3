package dev.agentserver.agentrun.ledger.query;

import static dev.agentserver.agentrun.text.ProtoText.cleanOrNull;
import static dev.agentserver.agentrun.text.ProtoText.instant;
import static dev.agentserver.agentrun.text.ProtoText.orEmpty;
import static dev.agentserver.agentrun.text.ProtoText.uuidOrNull;

import com.google.protobuf.Timestamp;
import dev.agentserver.agentrun.ledger.LedgerStore.Selection;
import dev.agentserver.agentrun.ledger.UsageProto;
import dev.agentserver.agentrun.ledger.query.Query.Dimension;
import dev.agentserver.agentrun.ledger.query.Query.Filter;
import dev.agentserver.agentrun.text.TimeProto;
import dev.agentserver.agentrun.v1.GetCostRequest;
import dev.agentserver.agentrun.v1.LedgerDiscrepancy;
import dev.agentserver.agentrun.v1.QueryUsageRequest;
import dev.agentserver.agentrun.v1.QueryUsageResponse;
import dev.agentserver.agentrun.v1.RepriceUsageRequest;
import dev.agentserver.agentrun.v1.UsageGroup;
import dev.agentserver.agentrun.v1.VerifyLedgerResponse;
import dev.agentserver.kit.problem.Problem;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Between the contract and what is asked of the ledger.
public final class QueryProto {
  private static final String DIMENSION = "USAGE_DIMENSION_";

  private QueryProto() {}

  /// What a cost is asked of.
  public static Costs.Subject subject(GetCostRequest request) {
    return switch (request.getSubjectCase()) {
      case RUN_ID -> Costs.Subject.RUN;
      case SESSION_ID -> Costs.Subject.SESSION;
      case CONVERSATION_ID -> Costs.Subject.CONVERSATION;
      case PROJECT_ID -> Costs.Subject.PROJECT;
      case USER_ID -> Costs.Subject.USER;
      case MESSAGE_ID -> Costs.Subject.MESSAGE;
      case SUBJECT_NOT_SET -> throw Problem.invalid("subject", "is required");
    };
  }

  /// Its id.
  public static UUID id(GetCostRequest request) {
    return UUID.fromString(
        switch (request.getSubjectCase()) {
          case RUN_ID -> request.getRunId();
          case SESSION_ID -> request.getSessionId();
          case CONVERSATION_ID -> request.getConversationId();
          case PROJECT_ID -> request.getProjectId();
          case USER_ID -> request.getUserId();
          case MESSAGE_ID -> request.getMessageId();
          case SUBJECT_NOT_SET -> throw Problem.invalid("subject", "is required");
        });
  }

  /// The run's step that a cost is asked of; null: the whole.
  public static @Nullable String step(GetCostRequest request) {
    if (!request.getStepKey().isEmpty() && !request.hasRunId()) {
      throw Problem.invalid("step_key", "is of a run: name it too");
    }
    return cleanOrNull(request.getStepKey());
  }

  /// What is asked.
  public static Query query(QueryUsageRequest request) {
    var span =
        TimeProto.span(
            request.hasStartTime() ? request.getStartTime() : null,
            request.hasEndTime() ? request.getEndTime() : null);
    return new Query(
        request.getGroupByList().stream()
            .map(each -> Dimension.valueOf(each.name().substring(DIMENSION.length())))
            .toList(),
        span.from(),
        span.to(),
        TimeProto.zone(request.getTimeZone()),
        new Filter(
            uuidOrNull(request.getUserId()),
            uuidOrNull(request.getAgentId()),
            uuidOrNull(request.getProjectId()),
            uuidOrNull(request.getSessionId()),
            uuidOrNull(request.getConversationId()),
            cleanOrNull(request.getProvider()),
            cleanOrNull(request.getModel())));
  }

  /// Which events are to be priced again.
  public static Selection selection(RepriceUsageRequest request) {
    return new Selection(
        cleanOrNull(request.getProvider()),
        cleanOrNull(request.getModel()),
        bound("start_time", request.hasStartTime() ? request.getStartTime() : null),
        bound("end_time", request.hasEndTime() ? request.getEndTime() : null));
  }

  private static @Nullable Instant bound(String field, @Nullable Timestamp time) {
    return time == null ? null : instant(field, time);
  }

  /// @param next the token of the next page; empty: there is none
  public static QueryUsageResponse response(UsageQueries.Page page, String next) {
    return QueryUsageResponse.newBuilder()
        .addAllGroups(
            page.groups().stream()
                .map(
                    group ->
                        UsageGroup.newBuilder()
                            .addAllKeys(group.keys())
                            .setSum(UsageProto.toProto(group.sum()))
                            .build())
                .toList())
        .setSource(QueryUsageResponse.Source.valueOf("SOURCE_" + page.source().name()))
        .setNextPageToken(next)
        .build();
  }

  /// What a check has found.
  public static VerifyLedgerResponse response(Verification.Result result) {
    return VerifyLedgerResponse.newBuilder()
        .addAllDiscrepancies(
            result.discrepancies().stream()
                .map(
                    one ->
                        LedgerDiscrepancy.newBuilder()
                            .setTable(one.table())
                            .setKey(one.key())
                            .setExpected(orEmpty(one.expected()))
                            .setActual(orEmpty(one.actual()))
                            .build())
                .toList())
        .setEvents(result.extent().events())
        .setLines(result.extent().lines())
        .setCost(UsageProto.decimal(result.extent().cost()))
        .build();
  }
}
