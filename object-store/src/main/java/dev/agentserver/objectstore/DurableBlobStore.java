package dev.agentserver.objectstore;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Supplier;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import org.gaul.s3proxy.nio2blob.AbstractNio2BlobStore;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/// Adds to the store on a directory what a database expects of one: what is acknowledged has
/// reached the disk, a draft is no object, and a full disk is told as such.
final class DurableBlobStore extends ForwardingBlobStore {
  private static final int INSUFFICIENT_STORAGE = 507;
  private static final int BAD_REQUEST = 400;

  private final Path root;

  DurableBlobStore(BlobStore files, Path root) {
    super(files);
    this.root = root;
  }

  @Override
  public PutObjectResponse putBlob(PutObjectRequest request, InputStream payload) {
    return written(request.bucket(), request.key(), () -> super.putBlob(request, payload));
  }

  @Override
  public CopyObjectResponse copyBlob(CopyObjectRequest request) {
    return written(
        request.destinationBucket(), request.destinationKey(), () -> super.copyBlob(request));
  }

  @Override
  public MultipartUpload initiateMultipartUpload(CreateMultipartUploadRequest request) {
    refuseDraft(request.key());
    return guarded(() -> super.initiateMultipartUpload(request));
  }

  @Override
  public UploadPartResponse uploadMultipartPart(
      MultipartUpload upload, UploadPartRequest request, InputStream payload) {
    var name =
        AbstractNio2BlobStore.multipartPartName(
            upload.id(), upload.blobName(), request.partNumber());
    return written(
        upload.containerName(), name, () -> super.uploadMultipartPart(upload, request, payload));
  }

  @Override
  public CompleteMultipartUploadResponse completeMultipartUpload(
      MultipartUpload upload, CompleteMultipartUploadRequest request) {
    return written(
        upload.containerName(),
        upload.blobName(),
        () -> super.completeMultipartUpload(upload, request));
  }

  @Override
  public ListObjectsV2Response list(ListObjectsV2Request request) {
    var page = super.list(request);
    var objects =
        page.contents().stream().filter(found -> !Drafts.looksLikeOne(found.key())).toList();
    return page.toBuilder().contents(objects).build();
  }

  private <T> T written(String bucket, String key, Supplier<T> write) {
    refuseDraft(key);
    return guarded(
        () -> {
          var result = write.get();
          sync(root.resolve(bucket), key);
          return result;
        });
  }

  /// The file, and the directories that its name may be new in.
  private static void sync(Path bucket, String key) {
    try {
      var file = bucket.resolve(key);
      for (var path = file; path.startsWith(bucket); path = path.getParent()) {
        try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
          channel.force(true);
        }
      }
    } catch (NoSuchFileException _) {
      // Deleted meanwhile: nothing is left to keep.
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void refuseDraft(String key) {
    if (Drafts.looksLikeOne(key)) {
      throw refusal(BAD_REQUEST, "InvalidArgument", "a key that ends in -<uuid> is not kept here");
    }
  }

  private static <T> T guarded(Supplier<T> work) {
    try {
      return work.get();
    } catch (RuntimeException failure) {
      for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
        if (cause instanceof IOException && isFull(cause.getMessage())) {
          throw refusal(INSUFFICIENT_STORAGE, "InsufficientStorage", "the disk is full");
        }
      }
      throw failure;
    }
  }

  private static boolean isFull(String message) {
    return message != null
        && (message.contains("No space left on device") || message.contains("quota exceeded"));
  }

  private static RuntimeException refusal(int status, String code, String message) {
    return S3Exception.builder()
        .message(message)
        .statusCode(status)
        .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).errorMessage(message).build())
        .build();
  }
}
