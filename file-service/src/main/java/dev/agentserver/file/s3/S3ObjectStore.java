package dev.agentserver.file.s3;

import dev.agentserver.file.object.Content;
import dev.agentserver.file.object.Digest;
import dev.agentserver.file.object.Multipart;
import dev.agentserver.file.object.ObjectStore;
import dev.agentserver.file.object.PartBuffer;
import dev.agentserver.file.object.PartPool;
import dev.agentserver.file.object.SignedUrl;
import dev.agentserver.file.object.StoredObject;
import dev.agentserver.file.object.Upload;
import dev.agentserver.file.object.UploadedPart;
import io.minio.AbortMultipartUploadArgs;
import io.minio.BucketExistsArgs;
import io.minio.CopyObjectArgs;
import io.minio.CreateMultipartUploadArgs;
import io.minio.GetObjectArgs;
import io.minio.MakeBucketArgs;
import io.minio.RemoveObjectArgs;
import io.minio.SourceObject;
import io.minio.StatObjectArgs;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// The store by the MinIO client: MinIO, or any other that speaks S3.
public final class S3ObjectStore implements ObjectStore {
  private final S3Config config;
  private final Clock clock;
  private final PartPool buffers;

  /// For calls that are answered at once, for those in which the store copies, and for reading.
  private final Client quick;

  private final Client patient;
  private final Client reading;
  private final Parts parts;
  private final Listing listing;
  private final Signing signing;

  public S3ObjectStore(S3Config config, Clock clock) {
    this.config = config;
    this.clock = clock;
    this.buffers = new PartPool(config.buffers(), PartPool.LEAST, config.bufferWait());
    this.quick = Client.of(config);
    this.patient = quick.withLimits(config, config.patience(), config.patience());
    this.reading = quick.withLimits(config, Duration.ZERO, config.timeout());
    this.parts = new Parts(quick, patient, config.bucket());
    this.listing = new Listing(quick, config.bucket());
    this.signing = new Signing(config, clock);
  }

  @Override
  public Optional<String> prepare() {
    try {
      var there =
          quick.call(
              minio ->
                  minio.bucketExists(BucketExistsArgs.builder().bucket(config.bucket()).build()));
      if (!there) {
        quick.call(
            minio -> minio.makeBucket(MakeBucketArgs.builder().bucket(config.bucket()).build()));
      }
      return Optional.empty();
    } catch (ExecutionException failure) {
      return Faults.code(failure).equals("BucketAlreadyOwnedByYou")
          ? Optional.empty()
          : Optional.of(Faults.word(failure));
    }
  }

  @Override
  public String bucket() {
    return config.bucket();
  }

  @Override
  public PartPool buffers() {
    return buffers;
  }

  @Override
  public Upload upload(String key) {
    return new S3Upload(this, parts, key);
  }

  @Override
  public Multipart begin(String key) {
    try {
      var begun =
          quick.call(
              minio ->
                  minio.createMultipartUpload(
                      CreateMultipartUploadArgs.builder()
                          .bucket(config.bucket())
                          .object(key)
                          .build()));
      return new Multipart(key, begun.result().uploadId(), clock.instant());
    } catch (ExecutionException failure) {
      throw Faults.of(failure);
    }
  }

  @Override
  public Optional<UploadedPart> putPart(Multipart upload, int number, PartBuffer content) {
    try {
      var stored = parts.put(upload, number, content).join();
      return Optional.of(new UploadedPart(number, stored.part().etag(), content.length()));
    } catch (ExecutionException failure) {
      if (Faults.isMissing(failure)) {
        return Optional.empty();
      }
      throw Faults.of(failure);
    }
  }

  @Override
  public List<UploadedPart> parts(Multipart upload) {
    return listing.parts(upload);
  }

  @Override
  public boolean complete(Multipart upload, List<UploadedPart> uploaded) {
    return parts.complete(upload, uploaded);
  }

  @Override
  public void abort(Multipart upload) {
    try {
      quick.call(
          minio ->
              minio.abortMultipartUpload(
                  AbortMultipartUploadArgs.builder()
                      .bucket(config.bucket())
                      .object(upload.key())
                      .uploadId(upload.id())
                      .build()));
    } catch (ExecutionException failure) {
      if (!Faults.isMissing(failure)) {
        throw Faults.of(failure);
      }
    }
  }

  @Override
  public void put(String key, PartBuffer content) {
    parts.putWhole(key, content.bytes(), content.length());
  }

  @Override
  public Optional<Content> read(String key, long offset, long length) {
    var range = GetObjectArgs.builder().bucket(config.bucket()).object(key);
    if (offset > 0 || length < Long.MAX_VALUE) {
      range.offset(offset).length(length);
    }
    try {
      var answer = reading.call(minio -> minio.getObject(range.build()));
      return Optional.of(Ranges.content(answer));
    } catch (ExecutionException failure) {
      return switch (Faults.code(failure)) {
        case "NoSuchKey" -> Optional.empty();
        case "InvalidRange" -> Optional.of(Ranges.beyond(offset, head(key)));
        default -> throw Faults.of(failure);
      };
    }
  }

  @Override
  public Optional<StoredObject> head(String key) {
    try {
      var found =
          quick.call(
              minio ->
                  minio.statObject(
                      StatObjectArgs.builder().bucket(config.bucket()).object(key).build()));
      return Optional.of(new StoredObject(key, found.size(), found.lastModified().toInstant()));
    } catch (ExecutionException failure) {
      if (Faults.isMissing(failure)) {
        return Optional.empty();
      }
      throw Faults.of(failure);
    }
  }

  @Override
  public Optional<Digest> digest(String key) {
    var content = read(key, 0, Long.MAX_VALUE);
    if (content.isEmpty()) {
      return Optional.empty();
    }
    try (var whole = content.get()) {
      return Optional.of(digest(whole.stream()));
    } catch (IOException broken) {
      throw Faults.gone(broken);
    }
  }

  private static Digest digest(InputStream stream) throws IOException {
    var sha256 = Sha256.start();
    var piece = new byte[1 << 16];
    var length = 0L;
    for (var read = stream.read(piece); read >= 0; read = stream.read(piece)) {
      sha256.update(piece, 0, read);
      length += read;
    }
    return Digest.of(length, sha256.digest());
  }

  @Override
  public boolean copy(String from, String to) {
    var source = SourceObject.builder().bucket(config.bucket()).object(from).build();
    try {
      patient.call(
          minio ->
              minio.copyObject(
                  CopyObjectArgs.builder()
                      .bucket(config.bucket())
                      .object(to)
                      .source(source)
                      .build()));
      return true;
    } catch (ExecutionException failure) {
      if (Faults.isMissing(failure)) {
        return false;
      }
      throw Faults.of(failure);
    }
  }

  @Override
  public void delete(String key) {
    try {
      quick.call(
          minio ->
              minio.removeObject(
                  RemoveObjectArgs.builder().bucket(config.bucket()).object(key).build()));
    } catch (ExecutionException failure) {
      if (!Faults.isMissing(failure)) {
        throw Faults.of(failure);
      }
    }
  }

  @Override
  public List<StoredObject> list(String prefix, @Nullable String after, int limit) {
    return listing.objects(prefix, after, limit);
  }

  @Override
  public List<Multipart> unfinished(String prefix, @Nullable Multipart after, int limit) {
    return listing.unfinished(prefix, after, limit);
  }

  @Override
  public SignedUrl presignPut(String key, long length, Duration validity) {
    return signing.put(key, length, validity);
  }

  @Override
  public SignedUrl presignGet(String key, Duration validity, String mediaType, String disposition) {
    return signing.get(key, validity, mediaType, disposition);
  }

  @Override
  public void close() {
    quick.close();
  }
}
