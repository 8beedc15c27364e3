package dev.agentserver.file;

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
import dev.agentserver.file.s3.S3Config;
import dev.agentserver.file.test.TestStore;
import java.io.FilterInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A real store of a process that says what it is about to ask and what it has changed: a test
/// counts there, or lets the process die.
final class WatchedStore implements ObjectStore {
  /// Hears of every call; what it throws is what the call throws.
  @FunctionalInterface
  interface Step {
    void at(String step);
  }

  private static final int PAGE = 1_000;

  private final S3Config config;
  private final ObjectStore store;
  private final AtomicInteger reads = new AtomicInteger();
  private volatile Step step = _ -> {};
  private volatile boolean dead;

  WatchedStore(S3Config config) {
    this.config = config;
    this.store = TestStore.open(config);
  }

  /// The same bucket, as another process has it.
  WatchedStore beside() {
    return new WatchedStore(config);
  }

  void onStep(Step heard) {
    step = heard;
  }

  /// From now on it is not tidied up any more either.
  void die() {
    dead = true;
  }

  /// What there is, whoever knows of it.
  Set<String> keys() {
    return store.list("", null, PAGE).stream()
        .map(StoredObject::key)
        .collect(Collectors.toUnmodifiableSet());
  }

  /// Writes an object behind everybody's back.
  void leave(String key, byte[] bytes) {
    try (var upload = store.upload(key)) {
      upload.write(bytes, 0, bytes.length);
      upload.finish();
    }
  }

  /// Begins an upload in parts that nobody finishes.
  void leaveParts(String key) {
    store.begin(key);
  }

  private <T> T change(String what, Supplier<T> change) {
    step.at("before " + what);
    var changed = change.get();
    step.at("after " + what);
    return changed;
  }

  private <T> T look(String what, Supplier<T> look) {
    step.at(what);
    return look.get();
  }

  @Override
  public Optional<String> prepare() {
    return store.prepare();
  }

  @Override
  public String bucket() {
    return store.bucket();
  }

  @Override
  public PartPool buffers() {
    return store.buffers();
  }

  @Override
  public Upload upload(String key) {
    var upload = store.upload(key);
    return new Upload() {
      @Override
      public void write(byte[] source, int offset, int length) {
        step.at("write");
        upload.write(source, offset, length);
      }

      @Override
      public long length() {
        return upload.length();
      }

      @Override
      public Digest finish() {
        return change("finish", upload::finish);
      }

      @Override
      public void close() {
        if (!dead) {
          upload.close();
        }
      }
    };
  }

  @Override
  public Multipart begin(String key) {
    return change("begin", () -> store.begin(key));
  }

  @Override
  public Optional<UploadedPart> putPart(Multipart upload, int number, PartBuffer content) {
    return change("part", () -> store.putPart(upload, number, content));
  }

  @Override
  public List<UploadedPart> parts(Multipart upload) {
    return look("parts", () -> store.parts(upload));
  }

  @Override
  public boolean complete(Multipart upload, List<UploadedPart> parts) {
    return change("complete", () -> store.complete(upload, parts));
  }

  @Override
  public void abort(Multipart upload) {
    change("abort", () -> done(() -> store.abort(upload)));
  }

  @Override
  public void put(String key, PartBuffer content) {
    change("put", () -> done(() -> store.put(key, content)));
  }

  @Override
  public Optional<Content> read(String key, long offset, long length) {
    return look("read", () -> store.read(key, offset, length)).map(this::watched);
  }

  /// How many objects are being read.
  int openReads() {
    return reads.get();
  }

  private Content watched(Content content) {
    reads.incrementAndGet();
    var closed = new AtomicBoolean();
    var stream =
        new FilterInputStream(content.stream()) {
          @Override
          public void close() throws IOException {
            if (closed.compareAndSet(false, true)) {
              reads.decrementAndGet();
            }
            super.close();
          }
        };
    return new Content(stream, content.length(), content.total());
  }

  @Override
  public Optional<StoredObject> head(String key) {
    return look("head", () -> store.head(key));
  }

  @Override
  public Optional<Digest> digest(String key) {
    return look("digest", () -> store.digest(key));
  }

  @Override
  public boolean copy(String from, String to) {
    return change("copy", () -> store.copy(from, to));
  }

  @Override
  public void delete(String key) {
    change("delete", () -> done(() -> store.delete(key)));
  }

  private static boolean done(Runnable work) {
    work.run();
    return true;
  }

  @Override
  public List<StoredObject> list(String prefix, @Nullable String after, int limit) {
    return look("list", () -> store.list(prefix, after, limit));
  }

  @Override
  public List<Multipart> unfinished(String prefix, @Nullable Multipart after, int limit) {
    return look("unfinished", () -> store.unfinished(prefix, after, limit));
  }

  @Override
  public SignedUrl presignPut(String key, long length, Duration validity) {
    return store.presignPut(key, length, validity);
  }

  @Override
  public SignedUrl presignGet(String key, Duration validity, String mediaType, String disposition) {
    return store.presignGet(key, validity, mediaType, disposition);
  }

  @Override
  public void close() {
    store.close();
  }
}
