package dev.agentserver.settings.configuration;

import static dev.agentserver.settings.text.ProtoText.clean;
import static dev.agentserver.settings.text.ProtoText.uuidOrNull;

import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Forwarded;
import dev.agentserver.kit.grpc.LongPoll;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.grpc.Sender;
import dev.agentserver.settings.history.Entry;
import dev.agentserver.settings.history.Item;
import dev.agentserver.settings.v1.ClientConfig;
import dev.agentserver.settings.v1.Config;
import dev.agentserver.settings.v1.ConfigurationServiceGrpc;
import dev.agentserver.settings.v1.DiffConfigRequest;
import dev.agentserver.settings.v1.DiffConfigResponse;
import dev.agentserver.settings.v1.GetClientConfigRequest;
import dev.agentserver.settings.v1.GetConfigRequest;
import dev.agentserver.settings.v1.ListSettingHistoryRequest;
import dev.agentserver.settings.v1.ListSettingHistoryResponse;
import dev.agentserver.settings.v1.PollConfigRequest;
import dev.agentserver.settings.v1.WatchConfigRequest;
import dev.agentserver.settings.v1.WatchConfigResponse;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import java.util.List;

/// ConfigurationService: translation between the contract and those who read. What is changed is
/// translated by [ChangeRpc].
public final class ConfigurationRpc implements BindableService {
  private static final int DIFFERENCES = 50;
  private static final int ENTRIES = 50;
  private static final int MAX_ENTRIES = 100;

  private final Configuration configuration;
  private final Following following;
  private final ChangeRpc changes;
  private final String environment;

  /// @param environment the one that this process runs in
  ConfigurationRpc(
      Configuration configuration, Following following, ChangeRpc changes, String environment) {
    this.configuration = configuration;
    this.following = following;
    this.changes = changes;
    this.environment = environment;
  }

  @Override
  public ServerServiceDefinition bindService() {
    var rpc =
        Rpc.service(ConfigurationServiceGrpc.getServiceDescriptor())
            .unary(ConfigurationServiceGrpc.getGetConfigMethod(), this::get)
            .unary(ConfigurationServiceGrpc.getPollConfigMethod(), this::poll)
            .serverStream(ConfigurationServiceGrpc.getWatchConfigMethod(), this::watch)
            .unary(ConfigurationServiceGrpc.getDiffConfigMethod(), this::diff)
            .unary(ConfigurationServiceGrpc.getListSettingHistoryMethod(), this::history)
            .unary(ConfigurationServiceGrpc.getGetClientConfigMethod(), this::client);
    return changes.addTo(rpc).build();
  }

  private Config get(GetConfigRequest request) {
    var caller = Callers.current();
    var prefix = clean(request.getKeyPrefix());
    var state =
        request.getRevision() == 0
            ? configuration.get(caller.tenantId(), request.getEnvironment(), prefix)
            : configuration.past(caller, request.getEnvironment(), prefix, request.getRevision());
    return SettingProto.toProto(state, request.getEnvironment());
  }

  private Config poll(PollConfigRequest request) {
    var state =
        following.poll(
            Callers.current().tenantId(),
            request.getEnvironment(),
            request.getAfterRevision(),
            LongPoll.wait(request.getWait()));
    return SettingProto.toProto(state, request.getEnvironment());
  }

  private void watch(WatchConfigRequest request, Sender<WatchConfigResponse> sender) {
    following.watch(
        Callers.current(),
        request.getEnvironment(),
        request.hasAfterRevision() ? request.getAfterRevision() : null,
        frame -> sender.send(HistoryProto.toProto(frame)));
  }

  private DiffConfigResponse diff(DiffConfigRequest request) {
    var from = request.getFromRevision();
    var to = request.getToRevision();
    var scope = scope(ConfigurationServiceGrpc.getDiffConfigMethod(), from + " " + to);
    var after = scope.position(request.getPageToken(), ConfigurationRpc::item).orElse(null);
    var size = PageScope.size(request.getPageSize(), DIFFERENCES, DIFFERENCES);
    var page = configuration.diff(Callers.current(), from, to, after, size);
    var next = page.next();
    return DiffConfigResponse.newBuilder()
        .addAllDifferences(page.differences().stream().map(HistoryProto::toProto).toList())
        .setNextPageToken(next == null ? "" : scope.token(List.of(next.key(), next.environment())))
        .build();
  }

  private static Item item(List<String> position) {
    return new Item(position.getFirst(), position.get(1));
  }

  private ListSettingHistoryResponse history(ListSettingHistoryRequest request) {
    var key = clean(request.getKey());
    var scope = scope(ConfigurationServiceGrpc.getListSettingHistoryMethod(), key);
    var after = scope.position(request.getPageToken(), ConfigurationRpc::entry).orElse(null);
    var size = PageScope.size(request.getPageSize(), ENTRIES, MAX_ENTRIES);
    var page = configuration.history(Callers.current(), key.isEmpty() ? null : key, after, size);
    return ListSettingHistoryResponse.newBuilder()
        .addAllEntries(page.entries().stream().map(HistoryProto::toProto).toList())
        .setNextPageToken(page.next() == null ? "" : scope.token(position(page.next())))
        .build();
  }

  private static List<String> position(Entry.Position position) {
    return List.of(
        Long.toString(position.revision()), position.item().key(), position.item().environment());
  }

  private static Entry.Position entry(List<String> position) {
    return new Entry.Position(
        Long.parseLong(position.getFirst()), new Item(position.get(1), position.get(2)));
  }

  private static PageScope scope(MethodDescriptor<?, ?> method, String filter) {
    return new PageScope(Callers.current(), method.getFullMethodName(), filter);
  }

  private ClientConfig client(GetClientConfigRequest request) {
    var asked = request.getEnvironment();
    var state =
        configuration.published(
            uuidOrNull(request.getOrganizationId()), asked.isEmpty() ? environment : asked);
    return ClientConfig.newBuilder()
        .setRevision(state.revision())
        .setBaseUrl(Forwarded.baseUrl())
        .setSettings(ClientConfigProto.settings(state))
        .build();
  }
}
