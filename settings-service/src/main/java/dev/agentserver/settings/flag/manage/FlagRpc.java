package dev.agentserver.settings.flag.manage;

import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.grpc.Attempts;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.settings.flag.manage.Flags.RolledBack;
import dev.agentserver.settings.flag.store.StoredFlag;
import dev.agentserver.settings.history.Entry;
import dev.agentserver.settings.history.Item;
import dev.agentserver.settings.v1.CreateFlagRequest;
import dev.agentserver.settings.v1.DeleteFlagRequest;
import dev.agentserver.settings.v1.Flag;
import dev.agentserver.settings.v1.FlagEvaluators;
import dev.agentserver.settings.v1.FlagServiceGrpc;
import dev.agentserver.settings.v1.GetFlagEvaluatorsRequest;
import dev.agentserver.settings.v1.GetFlagRequest;
import dev.agentserver.settings.v1.KillFlagRequest;
import dev.agentserver.settings.v1.ListFlagHistoryRequest;
import dev.agentserver.settings.v1.ListFlagHistoryResponse;
import dev.agentserver.settings.v1.ListFlagsRequest;
import dev.agentserver.settings.v1.ListFlagsResponse;
import dev.agentserver.settings.v1.RestoreFlagRequest;
import dev.agentserver.settings.v1.RollbackFlagRequest;
import dev.agentserver.settings.v1.RollbackFlagResponse;
import dev.agentserver.settings.v1.UpdateFlagEvaluatorsRequest;
import dev.agentserver.settings.v1.UpdateFlagRequest;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import java.util.List;

/// FlagService: translation between the contract and [Flags].
public final class FlagRpc implements BindableService {
  private static final int DEFAULT_PAGE = 50;
  private static final int MAX_PAGE = 200;
  private static final int MAX_HISTORY = 100;

  private final Flags flags;
  private final Trial trial;

  public FlagRpc(Flags flags, Trial trial) {
    this.flags = flags;
    this.trial = trial;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(FlagServiceGrpc.getServiceDescriptor())
        .unary(FlagServiceGrpc.getCreateFlagMethod(), this::create)
        .unary(FlagServiceGrpc.getGetFlagMethod(), this::get)
        .unary(FlagServiceGrpc.getListFlagsMethod(), this::list)
        .unary(FlagServiceGrpc.getUpdateFlagMethod(), this::update)
        .unary(FlagServiceGrpc.getDeleteFlagMethod(), this::delete)
        .unary(FlagServiceGrpc.getKillFlagMethod(), this::kill)
        .unary(FlagServiceGrpc.getRestoreFlagMethod(), this::restore)
        .unary(
            FlagServiceGrpc.getEvaluateFlagMethod(),
            request -> TrialProto.evaluate(trial, Callers.current(), request))
        .unary(FlagServiceGrpc.getListFlagHistoryMethod(), this::history)
        .unary(FlagServiceGrpc.getRollbackFlagMethod(), this::rollback)
        .unary(FlagServiceGrpc.getGetFlagEvaluatorsMethod(), this::evaluators)
        .unary(FlagServiceGrpc.getUpdateFlagEvaluatorsMethod(), this::updateEvaluators)
        .build();
  }

  private Flag create(CreateFlagRequest request) {
    var attempt = attempt(FlagServiceGrpc.getCreateFlagMethod(), request);
    var item = FlagProto.item(request.getFlag());
    var draft = FlagProto.document(request.getFlag());
    return FlagProto.toProto(
        flags.create(Callers.current(), attempt, item, draft, request.getReason()));
  }

  private Flag get(GetFlagRequest request) {
    var item = Item.value(request.getKey(), request.getEnvironment());
    return FlagProto.toProto(flags.get(Callers.current(), item));
  }

  private ListFlagsResponse list(ListFlagsRequest request) {
    var caller = Callers.current();
    var environment = request.getEnvironment();
    var scope =
        new PageScope(
            caller,
            FlagServiceGrpc.getListFlagsMethod().getFullMethodName(),
            environment + " " + request.getKeyPrefix());
    var after =
        scope
            .position(request.getPageToken(), each -> new Item(each.get(0), each.get(1)))
            .orElse(null);
    var size = PageScope.size(request.getPageSize(), DEFAULT_PAGE, MAX_PAGE);
    var found =
        flags.list(
            caller,
            environment.isEmpty() ? null : environment,
            request.getKeyPrefix(),
            after,
            size + 1);
    var page = ListFlagsResponse.newBuilder();
    found.stream().limit(size).forEach(flag -> page.addFlags(FlagProto.toProto(flag)));
    if (found.size() > size) {
      var last = found.get(size - 1).item();
      page.setNextPageToken(scope.token(List.of(last.key(), last.environment())));
    }
    return page.build();
  }

  private Flag update(UpdateFlagRequest request) {
    var attempt = attempt(FlagServiceGrpc.getUpdateFlagMethod(), request);
    var flag = request.getFlag();
    return FlagProto.toProto(
        flags.update(
            Callers.current(),
            attempt,
            FlagProto.item(flag),
            flag.getEtag(),
            request.getReason(),
            FlagProto.edit(request)));
  }

  private Empty delete(DeleteFlagRequest request) {
    Attempt<Boolean> attempt =
        Attempts.of(
            FlagServiceGrpc.getDeleteFlagMethod(),
            request,
            _ -> Empty.getDefaultInstance(),
            _ -> true);
    var item = Item.value(request.getKey(), request.getEnvironment());
    flags.delete(Callers.current(), attempt, item, request.getEtag(), request.getReason());
    return Empty.getDefaultInstance();
  }

  private Flag kill(KillFlagRequest request) {
    var attempt = attempt(FlagServiceGrpc.getKillFlagMethod(), request);
    var item = Item.value(request.getKey(), request.getEnvironment());
    return FlagProto.toProto(
        flags.kill(Callers.current(), attempt, item, true, request.getReason()));
  }

  private Flag restore(RestoreFlagRequest request) {
    var attempt = attempt(FlagServiceGrpc.getRestoreFlagMethod(), request);
    var item = Item.value(request.getKey(), request.getEnvironment());
    return FlagProto.toProto(
        flags.kill(Callers.current(), attempt, item, false, request.getReason()));
  }

  private ListFlagHistoryResponse history(ListFlagHistoryRequest request) {
    var caller = Callers.current();
    var key = request.getKey();
    var scope =
        new PageScope(caller, FlagServiceGrpc.getListFlagHistoryMethod().getFullMethodName(), key);
    var after = scope.position(request.getPageToken(), FlagRpc::position).orElse(null);
    var size = PageScope.size(request.getPageSize(), DEFAULT_PAGE, MAX_HISTORY);
    var found = flags.history(caller, key.isEmpty() ? null : key, after, size + 1);
    var page = ListFlagHistoryResponse.newBuilder();
    found.stream().limit(size).forEach(entry -> page.addEntries(FlagProto.toProto(entry)));
    if (found.size() > size) {
      page.setNextPageToken(scope.token(position(found.get(size - 1).position())));
    }
    return page.build();
  }

  private RollbackFlagResponse rollback(RollbackFlagRequest request) {
    Attempt<RolledBack> attempt =
        Attempts.of(
            FlagServiceGrpc.getRollbackFlagMethod(),
            request,
            FlagProto::toProto,
            FlagProto::fromProto);
    var item = Item.value(request.getKey(), request.getEnvironment());
    return FlagProto.toProto(
        flags.rollback(
            Callers.current(), attempt, item, request.getToRevision(), request.getReason()));
  }

  private FlagEvaluators evaluators(GetFlagEvaluatorsRequest request) {
    return flags
        .evaluators(Callers.current(), request.getEnvironment())
        .map(FlagProto::evaluators)
        .orElse(FlagEvaluators.newBuilder().setEnvironment(request.getEnvironment()).build());
  }

  private FlagEvaluators updateEvaluators(UpdateFlagEvaluatorsRequest request) {
    Attempt<StoredFlag> attempt =
        Attempts.of(
            FlagServiceGrpc.getUpdateFlagEvaluatorsMethod(),
            request,
            FlagProto::evaluators,
            FlagProto::fromProto);
    var asked = request.getFlagEvaluators();
    return FlagProto.evaluators(
        flags.evaluators(
            Callers.current(),
            attempt,
            asked.getEnvironment(),
            asked.getEtag(),
            request.getReason(),
            StructProto.map(asked.getEvaluators(), "flag_evaluators.evaluators")));
  }

  private static <Q extends Message> Attempt<StoredFlag> attempt(
      MethodDescriptor<Q, Flag> method, Q request) {
    return Attempts.of(method, request, FlagProto::toProto, FlagProto::fromProto);
  }

  private static List<String> position(Entry.Position position) {
    var item = position.item();
    return List.of(Long.toString(position.revision()), item.key(), item.environment());
  }

  private static Entry.Position position(List<String> position) {
    return new Entry.Position(
        Long.parseLong(position.get(0)), new Item(position.get(1), position.get(2)));
  }
}
