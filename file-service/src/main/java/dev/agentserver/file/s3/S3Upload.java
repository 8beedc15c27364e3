package dev.agentserver.file.s3;

import dev.agentserver.file.object.Digest;
import dev.agentserver.file.object.Multipart;
import dev.agentserver.file.object.ObjectStore;
import dev.agentserver.file.object.PartBuffer;
import dev.agentserver.file.object.Upload;
import dev.agentserver.file.object.UploadedPart;
import io.minio.UploadPartResponse;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An upload in parts, two of which are on their way while a third is filled. Small ones never get
/// as far as a part, and are one PUT.
///
/// A buffer is never asked for while another one is being filled here, and those on their way go
/// back when their calls end, whatever this upload does meanwhile: so uploads never wait for each
/// other in a circle.
final class S3Upload implements Upload {
  private static final Logger LOG = LoggerFactory.getLogger(S3Upload.class);
  private static final int SMALL = 1 << 16;
  private static final int FIRST = 1 << 12;
  private static final int ON_THE_WAY = 2;

  private final ObjectStore store;
  private final Parts parts;
  private final String key;
  private final MessageDigest sha256 = Sha256.start();
  private final Deque<Sent> onTheWay = new ArrayDeque<>();
  private final List<UploadedPart> uploaded = new ArrayList<>();
  private byte[] small = new byte[FIRST];
  private int smallLength;
  private long length;
  private @Nullable PartBuffer filling;
  private @Nullable Multipart multipart;
  private boolean begunToFinish;
  private boolean finished;

  /// A part on its way.
  private record Sent(int number, int length, Pending<UploadPartResponse> pending) {}

  S3Upload(ObjectStore store, Parts parts, String key) {
    this.store = store;
    this.parts = parts;
    this.key = key;
  }

  @Override
  public void write(byte[] bytes, int offset, int count) {
    sha256.update(bytes, offset, count);
    length += count;
    if (filling == null && multipart == null && smallLength + count <= SMALL) {
      keepSmall(bytes, offset, count);
      return;
    }
    if (smallLength > 0) {
      fill(small, 0, smallLength);
      smallLength = 0;
      small = new byte[0];
    }
    fill(bytes, offset, count);
  }

  private void keepSmall(byte[] bytes, int offset, int count) {
    if (smallLength + count > small.length) {
      var wanted = Math.max(2 * small.length, smallLength + count);
      small = Arrays.copyOf(small, Math.min(SMALL, wanted));
    }
    System.arraycopy(bytes, offset, small, smallLength, count);
    smallLength += count;
  }

  private void fill(byte[] bytes, int offset, int count) {
    var taken = 0;
    while (taken < count) {
      if (filling != null && filling.room() == 0) {
        send();
      }
      if (filling == null) {
        filling = store.buffers().take();
      }
      taken += filling.write(bytes, offset + taken, count - taken);
    }
  }

  private void send() {
    if (multipart == null) {
      multipart = store.begin(key);
    }
    if (onTheWay.size() == ON_THE_WAY) {
      arrive();
    }
    var number = uploaded.size() + onTheWay.size() + 1;
    var full = filling;
    var pending = parts.put(multipart, number, full);
    onTheWay.add(new Sent(number, full.length(), pending));
    filling = null;
    pending.future().whenComplete((_, _) -> full.close());
  }

  private void arrive() {
    var sent = onTheWay.remove();
    try {
      var answer = sent.pending().join();
      uploaded.add(new UploadedPart(sent.number(), answer.part().etag(), sent.length()));
    } catch (ExecutionException failure) {
      throw Faults.of(failure);
    }
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public Digest finish() {
    begunToFinish = true;
    if (multipart != null) {
      finishParts();
    } else if (filling != null) {
      store.put(key, filling);
    } else {
      parts.putWhole(key, small, smallLength);
    }
    finished = true;
    giveBack();
    return Digest.of(length, sha256.digest());
  }

  private void finishParts() {
    if (filling != null) {
      send();
    }
    while (!onTheWay.isEmpty()) {
      arrive();
    }
    if (!store.complete(multipart, uploaded)) {
      throw Faults.gone(new IllegalStateException("the upload was aborted by somebody else"));
    }
  }

  /// An interrupt ended the upload; it does not keep what is left of it from being removed.
  @Override
  public void close() {
    var interrupted = Thread.interrupted();
    try {
      onTheWay.forEach(sent -> sent.pending().cancel());
      onTheWay.forEach(S3Upload::awaitEnd);
      onTheWay.clear();
      giveBack();
      if (!finished) {
        undo();
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// A part that arrives after the upload was aborted would stay.
  private static void awaitEnd(Sent sent) {
    try {
      sent.pending().join();
    } catch (ExecutionException failure) {
      LOG.debug("a part that nobody wants any more failed", failure);
    }
  }

  private void giveBack() {
    if (filling != null) {
      filling.close();
      filling = null;
    }
  }

  private void undo() {
    try {
      if (multipart != null) {
        store.abort(multipart);
      }
      if (begunToFinish) {
        store.delete(key);
      }
    } catch (RuntimeException failure) {
      LOG.warn("an upload is left in the object store for the sweeper: {}", failure.toString());
    }
  }
}
