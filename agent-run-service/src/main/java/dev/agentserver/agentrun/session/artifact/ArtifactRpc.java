package dev.agentserver.agentrun.session.artifact;

import dev.agentserver.agentrun.session.SessionRef;
import dev.agentserver.agentrun.v1.Artifact;
import dev.agentserver.agentrun.v1.ArtifactServiceGrpc;
import dev.agentserver.agentrun.v1.GetArtifactRequest;
import dev.agentserver.agentrun.v1.GetSessionStateRequest;
import dev.agentserver.agentrun.v1.ListArtifactRevisionsRequest;
import dev.agentserver.agentrun.v1.ListArtifactRevisionsResponse;
import dev.agentserver.agentrun.v1.ListArtifactsRequest;
import dev.agentserver.agentrun.v1.ListArtifactsResponse;
import dev.agentserver.agentrun.v1.PutArtifactRequest;
import dev.agentserver.agentrun.v1.SessionState;
import dev.agentserver.agentrun.v1.SyncArtifactsRequest;
import dev.agentserver.agentrun.v1.SyncArtifactsResponse;
import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.db.PageSizes;
import dev.agentserver.kit.grpc.Attempts;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.problem.Problem;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;

/// ArtifactService: translation between the contract and [Artifacts] and [StateFiles].
public final class ArtifactRpc implements BindableService {
  private static final String BROWSE = "project:browse";

  private final Artifacts artifacts;
  private final StateFiles states;
  private final PageSizes pages;

  public ArtifactRpc(Artifacts artifacts, StateFiles states, PageSizes pages) {
    this.artifacts = artifacts;
    this.states = states;
    this.pages = pages;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(ArtifactServiceGrpc.getServiceDescriptor())
        .unary(ArtifactServiceGrpc.getPutArtifactMethod(), this::put)
        .unary(ArtifactServiceGrpc.getGetArtifactMethod(), this::get)
        .unary(ArtifactServiceGrpc.getListArtifactsMethod(), this::list)
        .unary(ArtifactServiceGrpc.getListArtifactRevisionsMethod(), this::revisions)
        .unary(ArtifactServiceGrpc.getGetSessionStateMethod(), this::state)
        .unary(ArtifactServiceGrpc.getSyncArtifactsMethod(), this::sync)
        .build();
  }

  private Artifact put(PutArtifactRequest request) {
    var key = ArtifactKey.of("key", request.getKey());
    var caller = Callers.current();
    var session = SessionRef.of(request.getSessionId());
    if (request.getFileId().isEmpty()) {
      var draft = Draft.of("content", key, request.getContent(), request.getMediaType());
      return ArtifactProto.toProto(artifacts.put(caller, session, draft));
    }
    if (!request.getContent().isEmpty()) {
      throw Problem.invalid("content", "must be empty: the file holds it");
    }
    return ArtifactProto.toProto(
        artifacts.putFile(
            caller, session, key, UUID.fromString(request.getFileId()), request.getMediaType()));
  }

  private Artifact get(GetArtifactRequest request) {
    return ArtifactProto.toProto(
        artifacts.get(
            Callers.current(),
            SessionRef.of(request.getSessionId()),
            ArtifactKey.of("key", request.getKey()).text(),
            request.getRevision()));
  }

  private ListArtifactsResponse list(ListArtifactsRequest request) {
    var caller = Callers.current();
    var scope =
        new PageScope(
            caller,
            ArtifactServiceGrpc.getListArtifactsMethod().getFullMethodName(),
            request.getSessionId() + " " + request.getPrefix());
    var after = scope.position(request.getPageToken(), List::getFirst).orElse("");
    var size = pages.of(request.getPageSize());
    var found =
        artifacts.list(
            caller, SessionRef.of(request.getSessionId()), request.getPrefix(), after, size + 1);
    var page = found.size() > size ? found.subList(0, size) : found;
    return ListArtifactsResponse.newBuilder()
        .addAllArtifacts(page.stream().map(ArtifactProto::toProto).toList())
        .setNextPageToken(found.size() > size ? scope.token(List.of(page.getLast().key())) : "")
        .build();
  }

  private ListArtifactRevisionsResponse revisions(ListArtifactRevisionsRequest request) {
    var caller = Callers.current();
    var scope =
        new PageScope(
            caller,
            ArtifactServiceGrpc.getListArtifactRevisionsMethod().getFullMethodName(),
            request.getSessionId() + " " + request.getKey());
    var before =
        scope
            .position(request.getPageToken(), position -> Integer.valueOf(position.getFirst()))
            .orElse(null);
    var size = pages.of(request.getPageSize());
    var found =
        artifacts.revisions(
            caller,
            SessionRef.of(request.getSessionId()),
            ArtifactKey.of("key", request.getKey()).text(),
            before,
            size + 1);
    var page = found.size() > size ? found.subList(0, size) : found;
    return ListArtifactRevisionsResponse.newBuilder()
        .addAllRevisions(page.stream().map(ArtifactProto::toProto).toList())
        .setNextPageToken(
            found.size() > size
                ? scope.token(List.of(Integer.toString(page.getLast().revision())))
                : "")
        .build();
  }

  private SessionState state(GetSessionStateRequest request) {
    return StateProto.toProto(
        states.state(Callers.current(), SessionRef.of(request.getSessionId())));
  }

  private SyncArtifactsResponse sync(SyncArtifactsRequest request) {
    var caller = Callers.current();
    var method = ArtifactServiceGrpc.getSyncArtifactsMethod();
    if (request.getFilesCount() > 0 && !request.getDirectory().isEmpty()) {
      throw Problem.invalid("directory", "must be empty where there are files");
    }
    if (!request.getDirectory().isEmpty() && !caller.may(BROWSE)) {
      throw new Problem.Denied(BROWSE).raise();
    }
    var drafts =
        request.getDirectory().isEmpty()
            ? drafts(request)
            : states.read(caller, method.getFullMethodName(), request.getDirectory());
    var attempt = Attempts.of(method, request, ArtifactProto::toProto, ArtifactProto::fromProto);
    return ArtifactProto.toProto(
        states.sync(caller, attempt, SessionRef.of(request.getSessionId()), drafts));
  }

  private static List<Draft> drafts(SyncArtifactsRequest request) {
    var drafts = new ArrayList<Draft>();
    var keys = new HashSet<ArtifactKey>();
    for (var i = 0; i < request.getFilesCount(); i++) {
      var field = "files[" + i + "]";
      var file = request.getFiles(i);
      var key = ArtifactKey.ofFile(field + ".path", file.getPath());
      if (!keys.add(key)) {
        throw Problem.invalid(field + ".path", "must be there once");
      }
      drafts.add(Draft.of(field + ".content", key, file.getContent(), ""));
    }
    return drafts;
  }
}
