package dev.agentserver.file.s3;

import dev.agentserver.file.object.Multipart;
import dev.agentserver.file.object.StoredObject;
import dev.agentserver.file.object.UploadedPart;
import io.minio.ListMultipartUploadsArgs;
import io.minio.ListObjectsV2Args;
import io.minio.ListPartsArgs;
import io.minio.messages.ListBucketResultV2;
import io.minio.messages.ListMultipartUploadsResult;
import io.minio.messages.ListPartsResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// What there is in the bucket. A store may answer with less than was asked for and still have
/// more, so each of these asks until it has enough or there is no more.
final class Listing {
  private final Client client;
  private final String bucket;

  Listing(Client client, String bucket) {
    this.client = client;
    this.bucket = bucket;
  }

  List<StoredObject> objects(String prefix, @Nullable String after, int limit) {
    var found = new ArrayList<StoredObject>();
    var last = after;
    while (found.size() < limit) {
      var page = page(prefix, last, limit - found.size());
      for (var item : page.contents()) {
        last = item.objectName();
        found.add(new StoredObject(last, item.size(), item.lastModified().toInstant()));
      }
      if (!page.isTruncated()) {
        break;
      }
    }
    return found;
  }

  private ListBucketResultV2 page(String prefix, @Nullable String after, int limit) {
    var args = ListObjectsV2Args.builder().bucket(bucket).prefix(prefix).maxKeys(limit);
    if (after != null) {
      args.startAfter(after);
    }
    try {
      return client.call(minio -> minio.listObjectsV2(args.build())).result();
    } catch (ExecutionException failure) {
      throw Faults.of(failure);
    }
  }

  List<Multipart> unfinished(String prefix, @Nullable Multipart after, int limit) {
    var args = ListMultipartUploadsArgs.builder().bucket(bucket).prefix(prefix).maxUploads(limit);
    if (after != null) {
      args.keyMarker(after.key()).uploadIdMarker(after.id());
    }
    try {
      return client
          .call(minio -> minio.listMultipartUploads(args.build()))
          .result()
          .uploads()
          .stream()
          .map(Listing::multipart)
          .toList();
    } catch (ExecutionException failure) {
      throw Faults.of(failure);
    }
  }

  private static Multipart multipart(ListMultipartUploadsResult.Upload upload) {
    return new Multipart(upload.objectName(), upload.uploadId(), upload.initiated().toInstant());
  }

  List<UploadedPart> parts(Multipart upload) {
    var found = new ArrayList<UploadedPart>();
    ListPartsResult page;
    do {
      page = partsAfter(upload, found.isEmpty() ? 0 : found.getLast().number());
      if (page == null) {
        return List.of();
      }
      for (var part : page.parts()) {
        found.add(new UploadedPart(part.partNumber(), part.etag(), part.partSize()));
      }
    } while (page.isTruncated());
    return found;
  }

  private @Nullable ListPartsResult partsAfter(Multipart upload, int number) {
    var args = ListPartsArgs.builder().bucket(bucket).object(upload.key()).uploadId(upload.id());
    if (number > 0) {
      args.partNumberMarker(number);
    }
    try {
      return client.call(minio -> minio.listParts(args.build())).result();
    } catch (ExecutionException failure) {
      if (Faults.isMissing(failure)) {
        return null;
      }
      throw Faults.of(failure);
    }
  }
}
