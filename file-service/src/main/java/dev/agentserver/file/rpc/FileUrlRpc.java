package dev.agentserver.file.rpc;

import dev.agentserver.file.library.DownloadUrls;
import dev.agentserver.file.upload.UploadUrls;
import dev.agentserver.file.v1.CreateDownloadUrlRequest;
import dev.agentserver.file.v1.CreateUploadUrlRequest;
import dev.agentserver.file.v1.DownloadUrl;
import dev.agentserver.file.v1.File;
import dev.agentserver.file.v1.FileUrlServiceGrpc;
import dev.agentserver.file.v1.FinishUploadRequest;
import dev.agentserver.file.v1.UploadUrl;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.problem.Problem;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.UUID;

/// FileUrlService: translation between the contract and [UploadUrls] and [DownloadUrls].
public final class FileUrlRpc implements BindableService {
  private final UploadUrls uploads;
  private final DownloadUrls downloads;

  public FileUrlRpc(UploadUrls uploads, DownloadUrls downloads) {
    this.uploads = uploads;
    this.downloads = downloads;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(FileUrlServiceGrpc.getServiceDescriptor())
        .unary(FileUrlServiceGrpc.getCreateUploadUrlMethod(), this::createUpload)
        .unary(FileUrlServiceGrpc.getFinishUploadMethod(), this::finish)
        .unary(FileUrlServiceGrpc.getCreateDownloadUrlMethod(), this::createDownload)
        .build();
  }

  private UploadUrl createUpload(CreateUploadUrlRequest request) {
    var header = request.getHeader();
    if (!header.hasSize()) {
      throw Problem.invalid("header.size", "is required: the URL is signed for it");
    }
    var created = uploads.create(Callers.current(), FileProto.draft(header));
    return UploadUrl.newBuilder()
        .setFileId(created.fileId().toString())
        .setUrl(created.url().url().toString())
        .setExpiresAt(FileProto.timestamp(created.url().expiresAt()))
        .build();
  }

  private File finish(FinishUploadRequest request) {
    var id = UUID.fromString(request.getFileId());
    return FileProto.toProto(uploads.finish(Callers.current(), id));
  }

  private DownloadUrl createDownload(CreateDownloadUrlRequest request) {
    var action = FileUrlServiceGrpc.getCreateDownloadUrlMethod().getFullMethodName();
    var id = UUID.fromString(request.getFileId());
    var created = downloads.create(Callers.current(), action, id);
    return DownloadUrl.newBuilder()
        .setUrl(created.url().toString())
        .setExpiresAt(FileProto.timestamp(created.expiresAt()))
        .build();
  }
}
