package dev.agentserver.file.rpc;

import com.google.protobuf.ByteString;
import dev.agentserver.file.file.StoredFile;
import dev.agentserver.file.library.Files;
import dev.agentserver.file.upload.FileUpload;
import dev.agentserver.file.upload.Uploads;
import dev.agentserver.file.v1.DownloadFileRequest;
import dev.agentserver.file.v1.DownloadFileResponse;
import dev.agentserver.file.v1.File;
import dev.agentserver.file.v1.UploadFileRequest;
import dev.agentserver.file.v1.UploadFileRequest.PieceCase;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Receiver;
import dev.agentserver.kit.grpc.Sender;
import dev.agentserver.kit.problem.Problem;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;

/// The calls of FileService that carry bytes: a piece at a time, both ways, so that a file of any
/// size takes the memory of one piece.
public final class TransferRpc {
  private static final int PIECE = 256 * 1024;
  private static final int SMALL_PIECE = 64 * 1024;
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Uploads uploads;
  private final Files files;
  private final Duration stall;

  /// @param stall how long a client may send nothing, or take nothing
  public TransferRpc(Uploads uploads, Files files, Duration stall) {
    this.uploads = uploads;
    this.files = files;
    this.stall = stall;
  }

  File upload(Receiver<UploadFileRequest> pieces) {
    var first = pieces.next(stall).filter(UploadFileRequest::hasHeader);
    var header =
        first.orElseThrow(() -> Problem.invalid("header", "must be the first piece")).getHeader();
    try (var upload = uploads.begin(Callers.current(), FileProto.draft(header))) {
      return FileProto.toProto(receive(pieces, upload));
    }
  }

  private StoredFile receive(Receiver<UploadFileRequest> pieces, FileUpload upload) {
    var small = new byte[SMALL_PIECE];
    while (true) {
      var next = pieces.next(stall);
      if (next.isEmpty()) {
        return upload.finish();
      }
      if (next.get().getPieceCase() != PieceCase.DATA) {
        throw Problem.invalid("header", "must be the first piece only");
      }
      var data = next.get().getData();
      for (var at = 0; at < data.size(); at += small.length) {
        var part = data.substring(at, Math.min(at + small.length, data.size()));
        part.copyTo(small, 0);
        upload.write(small, 0, part.size());
      }
    }
  }

  void download(DownloadFileRequest request, Sender<DownloadFileResponse> sender) {
    var file = files.get(Callers.current(), UUID.fromString(request.getFileId()));
    Files.requireWithin(file, request.getOffset());
    var rest = file.readable().size() - request.getOffset();
    var length = request.getLength() == 0 ? rest : Math.min(rest, request.getLength());
    sender.send(DownloadFileResponse.newBuilder().setFile(FileProto.toProto(file)).build());
    if (length > 0) {
      send(file, request.getOffset(), length, sender);
    }
  }

  private void send(
      StoredFile file, long offset, long length, Sender<DownloadFileResponse> sender) {
    try (var content = files.read(file, offset, length)) {
      var left = length;
      while (left > 0) {
        var piece = content.stream().readNBytes((int) Math.min(PIECE, left));
        if (piece.length == 0) {
          throw new IOException("the object ends early");
        }
        left -= piece.length;
        sender.send(
            DownloadFileResponse.newBuilder().setData(ByteString.copyFrom(piece)).build(), stall);
      }
    } catch (IOException brokenOff) {
      throw new Problem.Unavailable("object-store", RETRY).raise();
    }
  }
}
