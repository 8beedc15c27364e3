package dev.agentserver.file;

import dev.agentserver.file.object.Content;
import dev.agentserver.file.object.Digest;
import dev.agentserver.file.object.Multipart;
import dev.agentserver.file.object.ObjectStore;
import dev.agentserver.file.object.PartBuffer;
import dev.agentserver.file.object.PartPool;
import dev.agentserver.file.object.StoredObject;
import dev.agentserver.file.object.Upload;
import dev.agentserver.file.object.UploadedPart;
import dev.agentserver.kit.problem.Problem;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// An object store in memory that tells what it is asked before and after it does it, and fails
/// where a test wants it to.
final class MemoryStore implements ObjectStore {
  /// Hears of every call that changes something.
  @FunctionalInterface
  interface Step {
    void at(String step);
  }

  private final SortedMap<String, byte[]> objects = new ConcurrentSkipListMap<>();
  private final SortedMap<String, Multipart> unfinished = new ConcurrentSkipListMap<>();
  private final List<String> aborted = new ArrayList<>();
  private final PartPool pool = new PartPool(1, PartPool.LEAST, Duration.ofSeconds(1));
  private volatile Step step = _ -> {};
  private volatile boolean away;

  /// From now on every call is told.
  void onStep(Step heard) {
    step = heard;
  }

  /// Whether it does not answer.
  void away(boolean isAway) {
    away = isAway;
  }

  SortedMap<String, byte[]> objects() {
    return objects;
  }

  List<String> aborted() {
    return aborted;
  }

  /// An upload in parts that nobody finished.
  void leaveParts(String key) {
    unfinished.put(key, new Multipart(key, "upload", Instant.EPOCH));
  }

  private void change(String what, Runnable change) {
    answer();
    step.at("before " + what);
    change.run();
    step.at("after " + what);
  }

  private void answer() {
    if (away) {
      throw new Problem.Unavailable("object-store", Duration.ofSeconds(1)).raise();
    }
  }

  @Override
  public String bucket() {
    return "bucket";
  }

  @Override
  public PartPool buffers() {
    return pool;
  }

  @Override
  public Upload upload(String key) {
    answer();
    return new Upload() {
      private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

      @Override
      public void write(byte[] source, int offset, int length) {
        answer();
        step.at("write");
        bytes.write(source, offset, length);
      }

      @Override
      public long length() {
        return bytes.size();
      }

      @Override
      public Digest finish() {
        change("put", () -> objects.put(key, bytes.toByteArray()));
        return hash(bytes.toByteArray());
      }

      @Override
      public void close() {
        // Nothing is there before it is finished.
      }
    };
  }

  static Digest hash(byte[] bytes) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return new Digest(bytes.length, HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public Multipart begin(String key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public UploadedPart putPart(Multipart upload, int number, PartBuffer content) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<UploadedPart> parts(Multipart upload) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean complete(Multipart upload, List<UploadedPart> parts) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void abort(Multipart upload) {
    unfinished.remove(upload.key());
    aborted.add(upload.key());
  }

  @Override
  public void put(String key, PartBuffer content) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<Content> read(String key, long offset, long length) {
    answer();
    return Optional.ofNullable(objects.get(key))
        .map(
            bytes -> {
              var end = (int) Math.min(bytes.length, offset + length);
              var range = Arrays.copyOfRange(bytes, (int) offset, end);
              return new Content(new ByteArrayInputStream(range), range.length, bytes.length);
            });
  }

  @Override
  public Optional<StoredObject> head(String key) {
    return Optional.ofNullable(objects.get(key))
        .map(bytes -> new StoredObject(key, bytes.length, Instant.EPOCH));
  }

  @Override
  public Optional<Digest> digest(String key) {
    answer();
    return Optional.ofNullable(objects.get(key)).map(MemoryStore::hash);
  }

  @Override
  public boolean copy(String from, String to) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void delete(String key) {
    change("delete", () -> objects.remove(key));
  }

  @Override
  public List<StoredObject> list(String prefix, @Nullable String after, int limit) {
    answer();
    return objects.entrySet().stream()
        .filter(each -> each.getKey().startsWith(prefix))
        .filter(each -> after == null || each.getKey().compareTo(after) > 0)
        .limit(limit)
        .map(each -> new StoredObject(each.getKey(), each.getValue().length, Instant.EPOCH))
        .toList();
  }

  @Override
  public List<Multipart> unfinished(String prefix, @Nullable Multipart after, int limit) {
    return unfinished.values().stream()
        .filter(each -> each.key().startsWith(prefix))
        .filter(each -> after == null || each.key().compareTo(after.key()) > 0)
        .limit(limit)
        .toList();
  }

  @Override
  public URI presignPut(String key, Duration validity) {
    throw new UnsupportedOperationException();
  }

  @Override
  public URI presignGet(String key, Duration validity, String mediaType, String disposition) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
