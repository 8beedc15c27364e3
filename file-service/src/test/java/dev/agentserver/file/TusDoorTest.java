package dev.agentserver.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.file.object.PartPool;
import dev.agentserver.file.test.Bytes;
import dev.agentserver.file.test.TestStore;
import dev.agentserver.file.v1.File;
import dev.agentserver.kit.test.Await;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Resumable uploads by tus 1.0, at the service's own listener.
class TusDoorTest extends ServiceTest {
  private static final int PART = PartPool.LEAST;

  private Door door;

  @Override
  Harness start() {
    return Harness.start("FILE_USER_QUOTA_MIB", "32", "FILE_MAX_MIB", "20");
  }

  @BeforeAll
  void open() {
    door = Door.of(service, Duration.ofSeconds(2));
  }

  @AfterAll
  void close() {
    door.close();
  }

  @Test
  void whatIsSpokenIsSaid() {
    var answer = door.send(alice, "OPTIONS", "/v1/tus", null, "tus-resumable", "0.2.2");
    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(header(answer, "tus-version")).isEqualTo("1.0.0");
    assertThat(header(answer, "tus-max-size")).isEqualTo("" + (20 << 20));
    assertThat(header(answer, "tus-checksum-algorithm")).isEqualTo("sha1,sha256");
    assertThat(header(answer, "tus-extension").split(","))
        .contains("creation", "creation-with-upload", "checksum", "expiration", "termination");
  }

  @Test
  void anUploadArrivesInPiecesOfAnySizeAndIsAFileLikeOthers() {
    var bytes = Bytes.random(2 * PART + 4711, 1);
    var metadata =
        "filename %s,filetype %s,purpose %s,own"
            .formatted(base64("../plan é.bin"), base64("application/x-plan"), base64("document"));
    var path = door.create(alice, bytes.length, "Upload-Metadata", metadata);
    var at = 0;
    for (var piece : new int[] {0, 1, 600, PART - 601, PART, 11}) {
      var answer = door.patch(alice, path, at, Arrays.copyOfRange(bytes, at, at + piece));
      at += piece;
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
      assertThat(header(answer, "upload-offset")).isEqualTo("" + at);
      assertThat(header(answer, "upload-expires")).endsWith("GMT");
      var head = door.head(alice, path);
      assertThat(head.statusCode()).isEqualTo(200);
      assertThat(header(head, "upload-offset")).isEqualTo("" + at);
      assertThat(header(head, "upload-length")).isEqualTo("" + bytes.length);
      assertThat(header(head, "upload-metadata")).isEqualTo(metadata);
      assertThat(header(head, "cache-control")).isEqualTo("no-store");
    }
    assertThat(alice.get(id(path)).getState()).isEqualTo(File.State.STATE_PENDING);
    var last = door.patch(alice, path, at, Arrays.copyOfRange(bytes, at, bytes.length));
    assertThat(header(last, "upload-offset")).isEqualTo("" + bytes.length);
    var file = alice.get(id(path));
    assertThat(file.getState()).isEqualTo(File.State.STATE_READY);
    assertThat(file.getFilename()).isEqualTo("plan é.bin");
    assertThat(file.getContentType()).isEqualTo("application/x-plan");
    assertThat(file.getPurpose()).isEqualTo(File.Purpose.document);
    assertThat(file.getSha256()).isEqualTo(Bytes.digest(bytes).sha256());
    assertThat(alice.download(file.getId(), 0, 0)).isEqualTo(bytes);
    assertThat(header(door.head(alice, path), "upload-offset")).isEqualTo("" + bytes.length);
    nothingIsLeft();
  }

  @Test
  void bytesMayComeWithTheCreationAndTheLengthLater() {
    var answer =
        door.send(
            alice,
            "POST",
            "/v1/tus/",
            bytes("hello "),
            "Upload-Defer-Length",
            "1",
            "Content-Type",
            "application/offset+octet-stream");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    assertThat(header(answer, "upload-offset")).isEqualTo("6");
    var path = header(answer, "location");
    assertThat(header(door.head(alice, path), "upload-defer-length")).isEqualTo("1");
    door.patch(alice, path, 6, bytes("tus"));
    assertFault(
        door.patch(alice, path, 9, bytes(""), "Upload-Length", "8"), 400, "INVALID_ARGUMENT");
    var last = door.patch(alice, path, 9, bytes(""), "Upload-Length", "9");
    assertThat(last.statusCode()).as(last.body()).isEqualTo(204);
    assertThat(alice.text(alice.get(id(path)))).isEqualTo("hello tus");
    var whole =
        door.send(
            alice,
            "POST",
            "/v1/tus",
            bytes("at once"),
            "Upload-Length",
            "7",
            "Content-Type",
            "application/offset+octet-stream");
    assertThat(alice.text(alice.get(id(header(whole, "location"))))).isEqualTo("at once");
    var empty = door.create(alice, 0);
    assertThat(alice.get(id(empty)).getState()).isEqualTo(File.State.STATE_READY);
    nothingIsLeft();
  }

  @ParameterizedTest
  @CsvSource({"sha1,SHA-1", "sha256,SHA-256"})
  void ofBytesThatAreNotThoseAnnouncedNothingIsKept(String name, String algorithm)
      throws Exception {
    var bytes = Bytes.random(PART + 1000, 7);
    var sum =
        Base64.getEncoder().encodeToString(MessageDigest.getInstance(algorithm).digest(bytes));
    var path = door.create(alice, bytes.length);
    var other = bytes.clone();
    other[5]++;
    assertFault(
        door.patch(alice, path, 0, other, "Upload-Checksum", name + " " + sum),
        460,
        "HASH_MISMATCH");
    assertThat(header(door.head(alice, path), "upload-offset")).isEqualTo("0");
    assertFault(
        door.patch(alice, path, 0, bytes, "Upload-Checksum", "md5 " + sum),
        400,
        "INVALID_ARGUMENT");
    var taken = door.patch(alice, path, 0, bytes, "Upload-Checksum", name + " " + sum);
    assertThat(taken.statusCode()).as(taken.body()).isEqualTo(204);
    assertThat(alice.download(id(path), 0, 0)).isEqualTo(bytes);
    nothingIsLeft();
  }

  @Test
  void whatIsNotAsItMustBeIsRefused() {
    var path = door.create(alice, 10);
    assertFault(door.patch(alice, path, 3, bytes("x")), 409, "OFFSET_MISMATCH");
    assertFault(
        door.patch(alice, path, 0, bytes("x"), "tus-resumable", "0.2"),
        412,
        "UNSUPPORTED_TUS_VERSION");
    assertThat(header(door.patch(alice, path, 0, bytes("x"), "tus-resumable", "1"), "tus-version"))
        .isEqualTo("1.0.0");
    assertFault(
        door.patch(alice, path, 0, bytes("x"), "Content-Type", "text/plain"),
        415,
        "MEDIA_TYPE_REFUSED");
    assertFault(door.patch(alice, path, 0, bytes("12345678901")), 413, "TOO_LARGE");
    assertFault(door.patch(alice, path, -1, bytes("x")), 400, "INVALID_ARGUMENT");
    assertThat(door.head(bob, path).statusCode()).isEqualTo(404);
    assertFault(door.patch(bob, path, 0, bytes("x")), 404, "NOT_FOUND");
    assertFault(door.send(bob, "DELETE", path, null), 404, "NOT_FOUND");
    assertFault(door.send(alice, "POST", "/v1/tus", null), 400, "INVALID_ARGUMENT");
    assertFault(
        door.send(alice, "POST", "/v1/tus", null, "Upload-Length", "" + ((20 << 20) + 1)),
        413,
        "TOO_LARGE");
    var viewer = service.person(TENANT, "VIEWER");
    assertFault(
        door.send(viewer, "POST", "/v1/tus", null, "Upload-Length", "1"), 403, "PERMISSION_DENIED");
    assertThat(
            door.send(alice, "POST", path, null, "X-HTTP-Method-Override", "DELETE").statusCode())
        .isEqualTo(204);
    assertThat(door.head(alice, path).statusCode()).isEqualTo(404);
    nothingIsLeft();
  }

  @Test
  void aTypeThatIsNotTakenIsRefusedAtItsFirstBytes() {
    var path = door.create(alice, 2000, "Upload-Metadata", "purpose " + base64("avatar"));
    assertFault(door.patch(alice, path, 0, bytes("x".repeat(600))), 415, "MEDIA_TYPE_REFUSED");
    assertThat(door.head(alice, path).statusCode()).isEqualTo(404);
    nothingIsLeft();
  }

  @Test
  void whatAnUploadWillTakeIsReservedUntilItIsOver() {
    var carol = service.person(UUID.randomUUID(), "MEMBER");
    var first = door.create(carol, 20 << 20);
    assertFault(
        door.send(carol, "POST", "/v1/tus", null, "Upload-Length", "" + (20 << 20)),
        429,
        "QUOTA_EXCEEDED");
    assertThat(door.send(carol, "DELETE", first, null).statusCode()).isEqualTo(204);
    var again = door.create(carol, 20 << 20);
    door.send(carol, "DELETE", again, null);
    nothingIsLeft();
  }

  @Test
  void theSameBytesAreKeptOnceAndAnUploadThatIsCreatedAnewBeginsAnew() {
    var file = alice.upload("first", "the very same");
    var path =
        door.create(
            alice, 13, "Upload-Metadata", "file_id " + base64(UUID.randomUUID().toString()));
    door.patch(alice, path, 0, bytes("not the"));
    var metadata = "file_id " + base64(id(path));
    assertThat(door.create(alice, 13, "Upload-Metadata", metadata)).isEqualTo(path);
    assertThat(header(door.head(alice, path), "upload-offset")).isEqualTo("0");
    door.patch(alice, path, 0, bytes("the very same"));
    assertThat(alice.get(id(path)).getMinioPath()).isEqualTo(file.getMinioPath());
    var done =
        door.send(
            alice, "POST", "/v1/tus", null, "Upload-Length", "13", "Upload-Metadata", metadata);
    assertThat(header(done, "upload-offset")).isEqualTo("13");
    // What the first attempt wrote is the sweeper's.
    service.sweeper().sweep();
    nothingIsLeft();
  }

  @Test
  void whatExpiresLeavesNothing() {
    var path = door.create(alice, 3L * PART);
    door.patch(alice, path, 0, Bytes.random(PART + 100, 3));
    assertThat(service.store().unfinished("", null, 10)).hasSize(1);
    service.sql("update upload set expires_at = now() - interval '1 second'");
    assertThat(door.head(alice, path).statusCode()).isEqualTo(404);
    service.sweep();
    assertThat(service.column("select count(*) from blob where state = 'WRITING'"))
        .containsExactly("2");
    service.expireUploads();
    service.sweeper().sweep();
    nothingIsLeft();
  }

  @Test
  void aClientThatStallsIsCutOffAndWhatItSentIsKept() throws Exception {
    var path = door.create(alice, 100_000);
    try (var socket = begun(door, path, 100_000)) {
      socket.setSoTimeout(20_000);
      // An answer, or the end of the connection.
      socket.getInputStream().read();
    }
    Await.until("no buffer is held", () -> service.store().buffers().available() == buffers());
    assertThat(header(door.head(alice, path), "upload-offset")).isEqualTo("7");
    door.send(alice, "DELETE", path, null);
    nothingIsLeft();
  }

  @Test
  void aRequestYieldsToTheNextOneAndItsBytesAreKept() throws Exception {
    try (var patient = Door.of(service, Duration.ofMinutes(2))) {
      var path = patient.create(alice, 14);
      try (var _ = begun(patient, path, 14)) {
        assertThat(header(patient.head(alice, path), "upload-offset")).isEqualTo("7");
        assertThat(patient.patch(alice, path, 7, bytes("half of")).statusCode()).isEqualTo(204);
      }
      assertThat(alice.text(alice.get(id(path)))).isEqualTo("half ofhalf of");
    }
    nothingIsLeft();
  }

  /// A request that has sent seven bytes, which have arrived, and sends nothing more.
  private Socket begun(Door at, String path, int length) throws Exception {
    var socket = new Socket("127.0.0.1", at.port());
    var head =
        """
        PATCH %s HTTP/1.1\r
        Host: x\r
        Authorization: Bearer %s\r
        Tus-Resumable: 1.0.0\r
        Upload-Offset: 0\r
        Content-Type: application/offset+octet-stream\r
        Content-Length: %d\r
        \r
        half of\
        """
            .formatted(path, service.identity().token(alice.caller()), length);
    socket.getOutputStream().write(bytes(head));
    socket.getOutputStream().flush();
    Await.until("its bytes are here", () -> service.store().buffers().available() < buffers());
    return socket;
  }

  private static int buffers() {
    return TestStore.config().buffers();
  }

  private void nothingIsLeft() {
    Await.until(
        "nothing is left",
        () ->
            service
                .column("select count(*) from blob where state <> 'READY'")
                .equals(List.of("0")));
    assertThat(service.column("select count(*) from upload")).containsExactly("0");
    assertOneTruth();
  }

  private static String id(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(bytes(text));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void assertFault(HttpResponse<String> answer, int status, String reason) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains("\"reason\":\"" + reason + "\"");
    assertThat(header(answer, "tus-resumable")).isEqualTo("1.0.0");
  }
}
