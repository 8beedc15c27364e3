package dev.agentserver.file;

import dev.agentserver.file.v1.CreateDownloadUrlRequest;
import dev.agentserver.file.v1.CreateUploadUrlRequest;
import dev.agentserver.file.v1.File;
import dev.agentserver.file.v1.FileUrlServiceGrpc;
import dev.agentserver.file.v1.FileUrlServiceGrpc.FileUrlServiceBlockingStub;
import dev.agentserver.file.v1.FinishUploadRequest;
import dev.agentserver.file.v1.UploadHeader;
import dev.agentserver.file.v1.UploadUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/// Presigned URLs, and what plain HTTP does with them.
record Urls(HttpClient client) {
  FileUrlServiceBlockingStub stub(Person person) {
    return FileUrlServiceGrpc.newBlockingStub(person.channel());
  }

  UploadUrl create(Person person, UploadHeader.Builder header) {
    return stub(person)
        .createUploadUrl(CreateUploadUrlRequest.newBuilder().setHeader(header).build());
  }

  File finish(Person person, UploadUrl created) {
    return finish(person, created.getFileId());
  }

  File finish(Person person, String fileId) {
    return stub(person).finishUpload(FinishUploadRequest.newBuilder().setFileId(fileId).build());
  }

  /// The status of the store's answer.
  int put(UploadUrl created, byte[] bytes) {
    var url = URI.create(created.getUrl());
    return send(HttpRequest.newBuilder(url).PUT(BodyPublishers.ofByteArray(bytes)).build())
        .statusCode();
  }

  HttpResponse<byte[]> get(Person person, File file) {
    var request = CreateDownloadUrlRequest.newBuilder().setFileId(file.getId()).build();
    var url = URI.create(stub(person).createDownloadUrl(request).getUrl());
    return send(HttpRequest.newBuilder(url).build());
  }

  private HttpResponse<byte[]> send(HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofByteArray());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
