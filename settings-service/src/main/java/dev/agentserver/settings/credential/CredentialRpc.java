package dev.agentserver.settings.credential;

import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.grpc.Attempts;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.text.ProtoText;
import dev.agentserver.settings.v1.BatchGetCredentialsRequest;
import dev.agentserver.settings.v1.BatchGetCredentialsResponse;
import dev.agentserver.settings.v1.CreateCredentialRequest;
import dev.agentserver.settings.v1.Credential;
import dev.agentserver.settings.v1.CredentialServiceGrpc;
import dev.agentserver.settings.v1.DeleteCredentialRequest;
import dev.agentserver.settings.v1.GetCredentialRequest;
import dev.agentserver.settings.v1.ListCredentialsRequest;
import dev.agentserver.settings.v1.ListCredentialsResponse;
import dev.agentserver.settings.v1.UpdateCredentialRequest;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// CredentialService: translation between the contract and [Credentials].
public final class CredentialRpc implements BindableService {
  private static final int DEFAULT_PAGE = 50;
  private static final int MAX_PAGE = 200;

  private final Credentials credentials;

  public CredentialRpc(Credentials credentials) {
    this.credentials = credentials;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(CredentialServiceGrpc.getServiceDescriptor())
        .unary(CredentialServiceGrpc.getCreateCredentialMethod(), this::create)
        .unary(CredentialServiceGrpc.getGetCredentialMethod(), this::get)
        .unary(CredentialServiceGrpc.getBatchGetCredentialsMethod(), this::batchGet)
        .unary(CredentialServiceGrpc.getListCredentialsMethod(), this::list)
        .unary(CredentialServiceGrpc.getUpdateCredentialMethod(), this::update)
        .unary(CredentialServiceGrpc.getDeleteCredentialMethod(), this::delete)
        .build();
  }

  private Credential create(CreateCredentialRequest request) {
    var attempt = attempt(CredentialServiceGrpc.getCreateCredentialMethod(), request);
    var draft = request.getCredential();
    return CredentialProto.toProto(
        credentials.create(
            Callers.current(),
            attempt,
            CredentialProto.owner(draft),
            CredentialProto.field(draft),
            CredentialProto.value(draft),
            CredentialProto.expiresAt(draft)));
  }

  private Credential get(GetCredentialRequest request) {
    var id = UUID.fromString(request.getCredentialId());
    return CredentialProto.toProto(credentials.get(Callers.current(), id));
  }

  private BatchGetCredentialsResponse batchGet(BatchGetCredentialsRequest request) {
    var ids = request.getIdsList().stream().map(UUID::fromString).toList();
    var reply = BatchGetCredentialsResponse.newBuilder();
    credentials
        .get(Callers.current(), ids)
        .forEach(each -> reply.addCredentials(CredentialProto.toProto(each)));
    return reply.build();
  }

  private ListCredentialsResponse list(ListCredentialsRequest request) {
    var caller = Callers.current();
    var scope =
        new PageScope(
            caller,
            CredentialServiceGrpc.getListCredentialsMethod().getFullMethodName(),
            request.getProviderId() + " " + request.getIntegrationId());
    var after =
        scope
            .position(request.getPageToken(), each -> UUID.fromString(each.getFirst()))
            .orElse(null);
    var size = PageScope.size(request.getPageSize(), DEFAULT_PAGE, MAX_PAGE);
    var found = credentials.list(caller, owner(request), after, size + 1);
    var page = ListCredentialsResponse.newBuilder();
    found.stream().limit(size).forEach(each -> page.addCredentials(CredentialProto.toProto(each)));
    if (found.size() > size) {
      page.setNextPageToken(scope.token(List.of(found.get(size - 1).id().toString())));
    }
    return page.build();
  }

  private static @Nullable Owner owner(ListCredentialsRequest request) {
    var provider = ProtoText.uuidOrNull(request.getProviderId());
    var integration = ProtoText.uuidOrNull(request.getIntegrationId());
    if (provider != null && integration != null) {
      throw Problem.invalid("integration_id", "must be empty where provider_id is set");
    } else if (provider != null) {
      return new Owner.Provider(provider);
    }
    return integration == null ? null : new Owner.Integration(integration);
  }

  private Credential update(UpdateCredentialRequest request) {
    var attempt = attempt(CredentialServiceGrpc.getUpdateCredentialMethod(), request);
    var credential = request.getCredential();
    if (credential.getId().isEmpty()) {
      throw Problem.invalid("credential.id", "must be set");
    }
    return CredentialProto.toProto(
        credentials.update(
            Callers.current(),
            attempt,
            UUID.fromString(credential.getId()),
            credential.getEtag(),
            CredentialProto.edit(request)));
  }

  private Empty delete(DeleteCredentialRequest request) {
    Attempt<Boolean> attempt =
        Attempts.of(
            CredentialServiceGrpc.getDeleteCredentialMethod(),
            request,
            _ -> Empty.getDefaultInstance(),
            _ -> true);
    var id = UUID.fromString(request.getCredentialId());
    credentials.delete(Callers.current(), attempt, id, request.getEtag());
    return Empty.getDefaultInstance();
  }

  private static <Q extends Message>
      Attempt<dev.agentserver.settings.credential.Credential> attempt(
          MethodDescriptor<Q, Credential> method, Q request) {
    return Attempts.of(method, request, CredentialProto::toProto, CredentialProto::fromProto);
  }
}
