package dev.agentserver.file.rpc;

import com.google.protobuf.Empty;
import dev.agentserver.file.file.FileStore.Position;
import dev.agentserver.file.file.StoredFile;
import dev.agentserver.file.library.Files;
import dev.agentserver.file.link.Link;
import dev.agentserver.file.link.Links;
import dev.agentserver.file.sweep.Sweeper;
import dev.agentserver.file.v1.AttachFileRequest;
import dev.agentserver.file.v1.BatchGetFilesRequest;
import dev.agentserver.file.v1.BatchGetFilesResponse;
import dev.agentserver.file.v1.CollectGarbageRequest;
import dev.agentserver.file.v1.CollectGarbageResponse;
import dev.agentserver.file.v1.DeleteFileRequest;
import dev.agentserver.file.v1.DetachFileRequest;
import dev.agentserver.file.v1.File;
import dev.agentserver.file.v1.FileLink;
import dev.agentserver.file.v1.FileServiceGrpc;
import dev.agentserver.file.v1.GetFileRequest;
import dev.agentserver.file.v1.GetStorageUsageRequest;
import dev.agentserver.file.v1.ListFileLinksRequest;
import dev.agentserver.file.v1.ListFileLinksResponse;
import dev.agentserver.file.v1.ListFilesRequest;
import dev.agentserver.file.v1.ListFilesResponse;
import dev.agentserver.file.v1.StorageUsage;
import dev.agentserver.file.v1.UpdateFileRequest;
import dev.agentserver.file.v1.VerifyFileRequest;
import dev.agentserver.file.v1.VerifyFileResponse;
import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.db.PageSizes;
import dev.agentserver.kit.grpc.Attempts;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// FileService: translation between the contract and [Files], [Links] and [Sweeper]. What carries
/// bytes is [TransferRpc]'s.
public final class FileRpc implements BindableService {
  private static final String FILENAME = "filename";

  private final Files files;
  private final Links links;
  private final Sweeper sweeper;
  private final TransferRpc transfers;
  private final PageSizes pages;

  public FileRpc(
      Files files, Links links, Sweeper sweeper, TransferRpc transfers, PageSizes pages) {
    this.files = files;
    this.links = links;
    this.sweeper = sweeper;
    this.transfers = transfers;
    this.pages = pages;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(FileServiceGrpc.getServiceDescriptor())
        .clientStream(FileServiceGrpc.getUploadFileMethod(), transfers::upload)
        .serverStream(FileServiceGrpc.getDownloadFileMethod(), transfers::download)
        .unary(FileServiceGrpc.getGetFileMethod(), this::get)
        .unary(FileServiceGrpc.getBatchGetFilesMethod(), this::batchGet)
        .unary(FileServiceGrpc.getListFilesMethod(), this::list)
        .unary(FileServiceGrpc.getUpdateFileMethod(), this::update)
        .unary(FileServiceGrpc.getDeleteFileMethod(), this::delete)
        .unary(FileServiceGrpc.getAttachFileMethod(), this::attach)
        .unary(FileServiceGrpc.getDetachFileMethod(), this::detach)
        .unary(FileServiceGrpc.getListFileLinksMethod(), this::listLinks)
        .unary(FileServiceGrpc.getGetStorageUsageMethod(), this::usage)
        .unary(FileServiceGrpc.getVerifyFileMethod(), this::verify)
        .unary(FileServiceGrpc.getCollectGarbageMethod(), this::collect)
        .build();
  }

  private File get(GetFileRequest request) {
    return FileProto.toProto(files.get(Callers.current(), UUID.fromString(request.getFileId())));
  }

  private BatchGetFilesResponse batchGet(BatchGetFilesRequest request) {
    var ids = request.getFileIdsList().stream().map(UUID::fromString).toList();
    return BatchGetFilesResponse.newBuilder()
        .addAllFiles(files.get(Callers.current(), ids).stream().map(FileProto::toProto).toList())
        .build();
  }

  private ListFilesResponse list(ListFilesRequest request) {
    var caller = Callers.current();
    var scope =
        new PageScope(
            caller,
            FileServiceGrpc.getListFilesMethod().getFullMethodName(),
            request.getPurpose().name());
    var after =
        scope
            .position(
                request.getPageToken(),
                at -> new Position(Instant.parse(at.get(0)), UUID.fromString(at.get(1))))
            .orElse(null);
    var page =
        files.list(
            caller,
            FileProto.purpose(request.getPurpose()),
            after,
            pages.of(request.getPageSize()));
    var next = page.next();
    return ListFilesResponse.newBuilder()
        .addAllFiles(page.files().stream().map(FileProto::toProto).toList())
        .setNextPageToken(
            next == null
                ? ""
                : scope.token(List.of(next.createdAt().toString(), next.id().toString())))
        .build();
  }

  private File update(UpdateFileRequest request) {
    var caller = Callers.current();
    var asked = request.getFile();
    if (request.hasUpdateMask()) {
      request.getUpdateMask().getPathsList().stream()
          .filter(path -> !path.equals(FILENAME))
          .findFirst()
          .ifPresent(
              path -> {
                throw Problem.invalid("update_mask", path + " cannot be changed");
              });
    }
    if (asked.getFilename().isEmpty()) {
      throw Problem.invalid("file.filename", "must not be empty");
    }
    var attempt =
        Attempts.<UpdateFileRequest, File, StoredFile>of(
            FileServiceGrpc.getUpdateFileMethod(),
            request,
            FileProto::toProto,
            stored -> FileProto.fromProto(caller.tenantId(), stored));
    return FileProto.toProto(
        files.rename(
            caller, attempt, UUID.fromString(asked.getId()), asked.getEtag(), asked.getFilename()));
  }

  private Empty delete(DeleteFileRequest request) {
    var attempt =
        Attempts.<DeleteFileRequest, Empty, Boolean>of(
            FileServiceGrpc.getDeleteFileMethod(),
            request,
            _ -> Empty.getDefaultInstance(),
            _ -> true);
    files.delete(
        Callers.current(), attempt, UUID.fromString(request.getFileId()), request.getEtag());
    return Empty.getDefaultInstance();
  }

  private FileLink attach(AttachFileRequest request) {
    var use =
        FileProto.use(
            request.getFileId(),
            request.getConversationId(),
            request.getMessageId(),
            request.getAgentId());
    return FileProto.toProto(links.attach(Callers.current(), use));
  }

  private Empty detach(DetachFileRequest request) {
    links.detach(
        Callers.current(),
        FileProto.use(
            request.getFileId(),
            request.getConversationId(),
            request.getMessageId(),
            request.getAgentId()));
    return Empty.getDefaultInstance();
  }

  private ListFileLinksResponse listLinks(ListFileLinksRequest request) {
    var caller = Callers.current();
    var file = UUID.fromString(request.getFileId());
    var scope =
        new PageScope(
            caller,
            FileServiceGrpc.getListFileLinksMethod().getFullMethodName(),
            request.getFileId());
    var after =
        scope
            .position(
                request.getPageToken(),
                at ->
                    new Link(
                        UUID.fromString(at.get(1)),
                        Link.Use.inConversation(file, file, null),
                        Instant.parse(at.get(0))))
            .orElse(null);
    var page = links.list(caller, file, after, pages.of(request.getPageSize()));
    var next = page.next();
    return ListFileLinksResponse.newBuilder()
        .addAllLinks(page.links().stream().map(FileProto::toProto).toList())
        .setNextPageToken(
            next == null
                ? ""
                : scope.token(List.of(next.createdAt().toString(), next.id().toString())))
        .build();
  }

  private StorageUsage usage(GetStorageUsageRequest request) {
    var stored = files.usage(Callers.current());
    return StorageUsage.newBuilder()
        .setBytes(stored.bytes())
        .setFiles(stored.files())
        .setLimitBytes(stored.limitBytes())
        .setTenantBytes(stored.tenantBytes())
        .setTenantFiles(stored.tenantFiles())
        .setTenantLimitBytes(stored.tenantLimitBytes())
        .build();
  }

  private VerifyFileResponse verify(VerifyFileRequest request) {
    var verified = files.verify(Callers.current(), UUID.fromString(request.getFileId()));
    return VerifyFileResponse.newBuilder()
        .setIntact(verified.intact())
        .setSha256(verified.found().sha256())
        .setSize(verified.found().length())
        .build();
  }

  private CollectGarbageResponse collect(CollectGarbageRequest request) {
    Caller caller = Callers.current();
    var garbage = sweeper.collect(caller.tenantId(), request.getDryRun());
    return CollectGarbageResponse.newBuilder()
        .setObjects(garbage.objects())
        .setBytes(garbage.bytes())
        .build();
  }
}
