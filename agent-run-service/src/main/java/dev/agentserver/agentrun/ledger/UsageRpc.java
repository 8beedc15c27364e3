package dev.agentserver.agentrun.ledger;

import dev.agentserver.agentrun.ledger.query.Costs;
import dev.agentserver.agentrun.ledger.query.QueryProto;
import dev.agentserver.agentrun.ledger.query.UsageQueries;
import dev.agentserver.agentrun.ledger.query.Verification;
import dev.agentserver.agentrun.ledger.record.Corrector;
import dev.agentserver.agentrun.ledger.record.Recorder;
import dev.agentserver.agentrun.ledger.record.ReportProto;
import dev.agentserver.agentrun.ledger.record.Repricer;
import dev.agentserver.agentrun.v1.BatchRecordUsageRequest;
import dev.agentserver.agentrun.v1.BatchRecordUsageResponse;
import dev.agentserver.agentrun.v1.CorrectUsageRequest;
import dev.agentserver.agentrun.v1.CorrectUsageResponse;
import dev.agentserver.agentrun.v1.GetCostRequest;
import dev.agentserver.agentrun.v1.GetCostResponse;
import dev.agentserver.agentrun.v1.QueryUsageRequest;
import dev.agentserver.agentrun.v1.QueryUsageResponse;
import dev.agentserver.agentrun.v1.RecordUsageRequest;
import dev.agentserver.agentrun.v1.RepriceUsageRequest;
import dev.agentserver.agentrun.v1.RepriceUsageResponse;
import dev.agentserver.agentrun.v1.StreamUsageRequest;
import dev.agentserver.agentrun.v1.StreamUsageResponse;
import dev.agentserver.agentrun.v1.UsageEvent;
import dev.agentserver.agentrun.v1.UsageServiceGrpc;
import dev.agentserver.agentrun.v1.VerifyLedgerRequest;
import dev.agentserver.agentrun.v1.VerifyLedgerResponse;
import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.db.PageSizes;
import dev.agentserver.kit.grpc.Attempts;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Receiver;
import dev.agentserver.kit.grpc.Rpc;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.List;
import java.util.UUID;

/// UsageService: translation between the contract and [Recorder], [Repricer], [Corrector],
/// [Costs], [UsageQueries] and [Verification].
final class UsageRpc implements BindableService {
  private final Recorder recorder;
  private final Repricer repricer;
  private final Corrector corrector;
  private final Costs costs;
  private final UsageQueries queries;
  private final Verification verification;
  private final PageSizes pages;

  UsageRpc(
      Recorder recorder,
      Repricer repricer,
      Corrector corrector,
      Costs costs,
      UsageQueries queries,
      Verification verification,
      PageSizes pages) {
    this.recorder = recorder;
    this.repricer = repricer;
    this.corrector = corrector;
    this.costs = costs;
    this.queries = queries;
    this.verification = verification;
    this.pages = pages;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(UsageServiceGrpc.getServiceDescriptor())
        .unary(UsageServiceGrpc.getRecordUsageMethod(), this::record)
        .unary(UsageServiceGrpc.getBatchRecordUsageMethod(), this::batch)
        .clientStream(UsageServiceGrpc.getStreamUsageMethod(), this::stream)
        .unary(UsageServiceGrpc.getGetCostMethod(), this::cost)
        .unary(UsageServiceGrpc.getQueryUsageMethod(), this::query)
        .unary(UsageServiceGrpc.getRepriceUsageMethod(), this::reprice)
        .unary(UsageServiceGrpc.getCorrectUsageMethod(), this::correct)
        .unary(UsageServiceGrpc.getVerifyLedgerMethod(), this::verify)
        .build();
  }

  private UsageEvent record(RecordUsageRequest request) {
    var written = recorder.record(Callers.current(), ReportProto.report(request.getRecord()));
    return UsageProto.toProto(written.event(), written.duplicate());
  }

  private BatchRecordUsageResponse batch(BatchRecordUsageRequest request) {
    var pending = new PendingRpc(recorder, Callers.current());
    request.getRecordsList().forEach(pending::add);
    return BatchRecordUsageResponse.newBuilder().addAllResults(pending.results()).build();
  }

  /// A batch is read while the one before is being written.
  private StreamUsageResponse stream(Receiver<StreamUsageRequest> receiver) {
    var caller = Callers.current();
    var reply = StreamUsageResponse.newBuilder();
    var before = new PendingRpc(recorder, caller);
    for (var next = receiver.next(); next.isPresent(); next = receiver.next()) {
      var pending = new PendingRpc(recorder, caller);
      next.get().getRecordsList().forEach(pending::add);
      before.count(reply);
      before = pending;
    }
    before.count(reply);
    return reply.build();
  }

  private GetCostResponse cost(GetCostRequest request) {
    var cost =
        costs.get(
            Callers.current(),
            QueryProto.subject(request),
            QueryProto.id(request),
            QueryProto.step(request));
    var reply = GetCostResponse.newBuilder().setOwn(UsageProto.toProto(cost.own()));
    if (cost.inclusive() != null) {
      reply.setInclusive(UsageProto.toProto(cost.inclusive()));
    }
    return reply.build();
  }

  private QueryUsageResponse query(QueryUsageRequest request) {
    var caller = Callers.current();
    var query = QueryProto.query(request);
    var scope =
        new PageScope(
            caller, UsageServiceGrpc.getQueryUsageMethod().getFullMethodName(), query.toString());
    var after =
        scope
            .position(request.getPageToken(), keys -> UsageQueries.place(query, keys))
            .orElse(List.of());
    var size = pages.of(request.getPageSize());
    var found = queries.query(caller, query, after, size);
    return QueryProto.response(found, found.next() == null ? "" : scope.token(found.next()));
  }

  private RepriceUsageResponse reprice(RepriceUsageRequest request) {
    var caller = Callers.current();
    var selection = QueryProto.selection(request);
    var scope =
        new PageScope(
            caller,
            UsageServiceGrpc.getRepriceUsageMethod().getFullMethodName(),
            selection.toString());
    var after =
        scope
            .position(request.getPageToken(), keys -> UUID.fromString(keys.getFirst()))
            .orElse(null);
    var result = repricer.reprice(caller.tenantId(), selection, after, request.getDryRun());
    return RepriceUsageResponse.newBuilder()
        .setEvents(result.events())
        .setChanged(result.changed())
        .setBefore(UsageProto.decimal(result.before()))
        .setAfter(UsageProto.decimal(result.after()))
        .setNextPageToken(
            result.next() == null ? "" : scope.token(List.of(result.next().toString())))
        .build();
  }

  private CorrectUsageResponse correct(CorrectUsageRequest request) {
    var caller = Callers.current();
    var correction = ReportProto.correction(request);
    if (request.getDryRun()) {
      return UsageProto.toProto(corrector.look(caller, correction));
    }
    var attempt =
        Attempts.<CorrectUsageRequest, CorrectUsageResponse, CorrectUsageResponse>of(
            UsageServiceGrpc.getCorrectUsageMethod(), request, reply -> reply, reply -> reply);
    return corrector.correct(caller, attempt, correction, UsageProto::toProto);
  }

  private VerifyLedgerResponse verify(VerifyLedgerRequest request) {
    UUID tenant = Callers.current().tenantId();
    return QueryProto.response(verification.verify(tenant));
  }
}
