package dev.agentserver.file.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.agentserver.file.object.Multipart;
import dev.agentserver.file.object.ObjectStore;
import dev.agentserver.file.object.PartPool;
import dev.agentserver.file.object.StoredObject;
import dev.agentserver.file.object.UploadedPart;
import dev.agentserver.file.test.Bytes;
import dev.agentserver.file.test.TestStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectsTest {
  private static final int PART = PartPool.LEAST;
  private static ObjectStore store;

  @BeforeAll
  static void open() {
    store = TestStore.open();
  }

  @AfterAll
  static void close() {
    store.close();
  }

  @ParameterizedTest
  @ValueSource(
      ints = {0, 1, (1 << 16) - 1, 1 << 16, (1 << 16) + 1, PART - 1, PART, PART + 1, 3 * PART + 7})
  void whatIsUploadedIsReadAgain(int length) {
    var bytes = Bytes.random(length, length);
    var key = "sizes/" + length;
    try (var upload = store.upload(key)) {
      for (var offset = 0; offset < length; offset += 100_000) {
        upload.write(bytes, offset, Math.min(100_000, length - offset));
      }
      assertThat(store.head(key)).as("not there before it is finished").isEmpty();
      assertThat(upload.finish()).isEqualTo(Bytes.digest(bytes));
    }
    assertThat(store.head(key)).map(StoredObject::length).contains((long) length);
    try (var content = store.read(key, 0, Long.MAX_VALUE).orElseThrow()) {
      assertThat(content.length()).isEqualTo(length);
      assertThat(Arrays.equals(Bytes.all(content.stream()), bytes)).isTrue();
    }
    assertThat(store.digest(key)).contains(Bytes.digest(bytes));
    assertThat(store.buffers().available()).isEqualTo(4);
  }

  @Test
  void aRangeIsReadWithoutTheRest() {
    var bytes = put("ranges/a", 1_000);
    try (var content = store.read("ranges/a", 10, 20).orElseThrow()) {
      assertThat(content.length()).isEqualTo(20);
      assertThat(content.total()).isEqualTo(1_000);
      assertThat(Bytes.all(content.stream())).isEqualTo(Arrays.copyOfRange(bytes, 10, 30));
    }
    try (var tail = store.read("ranges/a", 990, 500).orElseThrow()) {
      assertThat(tail.length()).isEqualTo(10);
      assertThat(Bytes.all(tail.stream())).isEqualTo(Arrays.copyOfRange(bytes, 990, 1_000));
    }
    assertThatThrownBy(() -> store.read("ranges/a", 1_000, 1))
        .isInstanceOf(IllegalArgumentException.class);
    put("ranges/empty", 0);
    try (var nothing = store.read("ranges/empty", 0, 10).orElseThrow()) {
      assertThat(nothing.length()).isZero();
      assertThat(nothing.total()).isZero();
    }
  }

  @Test
  void whatIsNotThereIsSaidSo() {
    assertThat(store.read("missing", 0, Long.MAX_VALUE)).isEmpty();
    assertThat(store.head("missing")).isEmpty();
    assertThat(store.digest("missing")).isEmpty();
    assertThat(store.copy("missing", "other")).isFalse();
    store.delete("missing");
    var unknown = store.begin("missing");
    store.abort(unknown);
    store.abort(unknown);
    // Of these Ceph makes faults of its own, or of the client.
    assumeTrue(TestStore.isEmbedded());
    assertThat(store.parts(unknown)).isEmpty();
    assertThat(store.complete(unknown, List.of(new UploadedPart(1, "0".repeat(32), 1)))).isFalse();
  }

  @Test
  void aCopyIsOfItsOwn() {
    var bytes = put("copies/from", 300_000);
    assertThat(store.copy("copies/from", "copies/to")).isTrue();
    store.delete("copies/from");
    assertThat(store.head("copies/from")).isEmpty();
    assertThat(store.digest("copies/to")).contains(Bytes.digest(bytes));
  }

  @Test
  void objectsAreListedByKeyInPages() {
    for (var n = 0; n < 7; n++) {
      put("list/a/" + n, n);
    }
    put("list/b", 1);
    var keys = new ArrayList<String>();
    for (var page = store.list("list/a/", null, 3);
        !page.isEmpty();
        page = store.list("list/a/", keys.getLast(), 3)) {
      assertThat(page).hasSizeLessThanOrEqualTo(3);
      page.forEach(object -> keys.add(object.key()));
    }
    assertThat(keys)
        .containsExactly(
            "list/a/0", "list/a/1", "list/a/2", "list/a/3", "list/a/4", "list/a/5", "list/a/6");
    assertThat(store.list("list/", null, 1_000)).extracting(StoredObject::length).contains(6L);
    assertThat(store.list("nothing/", null, 10)).isEmpty();
  }

  @Test
  void partsComeInCallsOfTheirOwnAndAreJoinedByNumber() {
    var upload = store.begin("parts/whole");
    var second = putPart(upload, 2, 10);
    putPart(upload, 1, 99);
    var first = putPart(upload, 1, PART);
    if (TestStore.isEmbedded()) {
      assertThat(store.parts(upload)).containsExactly(first, second);
    }
    assertThat(store.unfinished("parts/", null, 10))
        .extracting(Multipart::id)
        .contains(upload.id());
    assertThat(store.complete(upload, List.of(first, second))).isTrue();
    assertThat(store.head("parts/whole")).map(StoredObject::length).contains(PART + 10L);
    assertThat(store.unfinished("parts/whole", null, 10)).isEmpty();
  }

  @Test
  void unfinishedUploadsAreListedInPagesAndAborted() {
    var begun = new ArrayList<Multipart>();
    for (var n = 0; n < 5; n++) {
      begun.add(store.begin("unfinished/" + n));
      putPart(begun.getLast(), 1, 10);
    }
    var seen = new ArrayList<Multipart>();
    for (var page = store.unfinished("unfinished/", null, 2);
        !page.isEmpty();
        page = store.unfinished("unfinished/", seen.getLast(), 2)) {
      seen.addAll(page);
    }
    assertThat(seen)
        .extracting(Multipart::id)
        .containsExactlyElementsOf(begun.stream().map(Multipart::id).toList());
    seen.forEach(store::abort);
    assertThat(store.unfinished("unfinished/", null, 10)).isEmpty();
    assertThat(store.list("unfinished/", null, 10)).isEmpty();
  }

  private static UploadedPart putPart(Multipart upload, int number, int length) {
    try (var buffer = store.buffers().take()) {
      assertThat(buffer.write(Bytes.random(length, number), 0, length)).isEqualTo(length);
      return store.putPart(upload, number, buffer).orElseThrow();
    }
  }

  private static byte[] put(String key, int length) {
    var bytes = Bytes.random(length, length);
    try (var buffer = store.buffers().take()) {
      buffer.write(bytes, 0, length);
      store.put(key, buffer);
    }
    return bytes;
  }
}
