package dev.agentserver.file;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.file.test.Bytes;
import dev.agentserver.file.test.TestStore;
import dev.agentserver.file.v1.CreateDownloadUrlRequest;
import dev.agentserver.file.v1.File;
import dev.agentserver.file.v1.UploadHeader;
import dev.agentserver.file.v1.UploadUrl;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.test.Await;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Files by presigned URLs: a plain HTTP client, which has nothing but the URL, under the store's
/// public name.
class FileUrlTest extends ServiceTest {
  private static final int OK = 200;
  private static final int FORBIDDEN = 403;
  private static final int KIB = 1024;

  private final HttpClient client = HttpClient.newHttpClient();
  private final Urls urls = new Urls(client);

  @Override
  Harness start() {
    return Harness.start(
        "FILE_MAX_MIB",
        "1",
        "FILE_USER_QUOTA_MIB",
        "1",
        "FILE_TYPES",
        "text/*,application/*,image/*");
  }

  @AfterAll
  void close() {
    client.close();
  }

  @Test
  void aFileTravelsStraightToTheStoreAndBackUnderItsName() {
    var carol = newPerson();
    var bytes = ("%PDF-1.7 " + UUID.randomUUID()).getBytes(StandardCharsets.UTF_8);
    var header = header(bytes).setFilename("résumé 测试.pdf").setContentType("application/pdf");
    var created = urls.create(carol, header);
    assertThat(created.getUrl()).startsWith(TestStore.publicEndpoint() + "/");
    assertThat(Instant.ofEpochSecond(created.getExpiresAt().getSeconds()))
        .isBetween(Instant.now().plusSeconds(800), Instant.now().plusSeconds(901));
    assertThat(carol.get(created.getFileId()).getState()).isEqualTo(File.State.STATE_PENDING);
    assertThat(urls.put(created, bytes)).isEqualTo(OK);
    var file = urls.finish(carol, created);
    assertThat(file.getState()).isEqualTo(File.State.STATE_READY);
    assertThat(file.getSha256()).isEqualTo(Bytes.digest(bytes).sha256());
    assertThat(file.getMediaType()).isEqualTo("application/pdf");
    assertThat(file.getMinioPath()).contains("/files/");
    assertThat(carol.download(file.getId(), 0, 0)).isEqualTo(bytes);

    var got = urls.get(carol, file);
    assertThat(got.statusCode()).isEqualTo(OK);
    assertThat(got.body()).isEqualTo(bytes);
    assertThat(header(got, "content-type")).isEqualTo("application/pdf");
    assertThat(header(got, "content-disposition"))
        .isEqualTo(
            "inline; filename=\"r_sum_ __.pdf\";"
                + " filename*=UTF-8''r%C3%A9sum%C3%A9%20%E6%B5%8B%E8%AF%95.pdf");
    assertThat(
            service.column(
                "select action from audit_entry where resource_id = '" + file.getId() + "'"))
        .containsExactly("agentserver.file.v1.FileUrlService/CreateDownloadUrl");
    assertOneTruth();
  }

  @ParameterizedTest
  @CsvSource({"<svg onload='alert(1)'/>", "<!DOCTYPE html><script>alert(1)</script>"})
  void whatABrowserMightRunIsSavedAndNotShown(String content) {
    var file = alice.upload("x.html", content + UUID.randomUUID());
    var got = urls.get(alice, file);
    assertThat(header(got, "content-type")).isEqualTo("application/octet-stream");
    assertThat(header(got, "content-disposition")).startsWith("attachment; ");
  }

  @Test
  void finishingAgainAndAtOnceGivesTheSameFile() throws Exception {
    var carol = newPerson();
    var bytes = random(100);
    var created = urls.create(carol, header(bytes));
    urls.put(created, bytes);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<File> finish = () -> urls.finish(carol, created);
      for (var done : threads.invokeAll(List.of(finish, finish, finish))) {
        assertThat(done.get().getState()).isEqualTo(File.State.STATE_READY);
      }
    }
    assertThat(urls.finish(carol, created)).isEqualTo(carol.get(created.getFileId()));
    Await.until("copies that lost are gone", () -> service.store().keys().size() == ready());
    assertOneTruth();
  }

  @Test
  void whatIsPutAfterwardsChangesNothingAndIsSweptAway() {
    var carol = newPerson();
    var bytes = random(100);
    var created = urls.create(carol, header(bytes));
    urls.put(created, bytes);
    var file = urls.finish(carol, created);
    assertThat(urls.put(created, random(100))).isEqualTo(OK);
    assertThat(carol.download(file.getId(), 0, 0)).isEqualTo(bytes);
    assertThat(urls.finish(carol, created)).isEqualTo(file);
    assertThat(service.store().keys()).anyMatch(key -> key.startsWith("incoming/"));
    service.sweep();
    assertOneTruth();
  }

  @Test
  void whatIsPutWhileItIsLookedAtChangesNothing() {
    var carol = newPerson();
    var bytes = random(100);
    var created = urls.create(carol, header(bytes));
    urls.put(created, bytes);
    service.store().onStep(step -> putAt("after copy", step, created));
    try {
      var file = urls.finish(carol, created);
      assertThat(carol.download(file.getId(), 0, 0)).isEqualTo(bytes);
    } finally {
      service.store().onStep(_ -> {});
    }
    service.sweep();
    assertOneTruth();
  }

  private void putAt(String when, String step, UploadUrl created) {
    if (step.equals(when)) {
      urls.put(created, random(100));
    }
  }

  @Test
  void nothingThatHasNotArrivedIsAFile() {
    var bytes = random(100);
    var created = urls.create(alice, header(bytes));
    assertProblem(
            Code.FAILED_PRECONDITION, "UPLOAD_NOT_RECEIVED", () -> urls.finish(alice, created))
        .containsEntry("id", created.getFileId());
    var pending = CreateDownloadUrlRequest.newBuilder().setFileId(created.getFileId()).build();
    assertProblem(
        Code.FAILED_PRECONDITION,
        "FILE_NOT_READY",
        () -> urls.stub(alice).createDownloadUrl(pending));
    assertThat(urls.put(created, random(101))).isEqualTo(FORBIDDEN);
    assertThat(urls.put(created, random(99))).isEqualTo(FORBIDDEN);
    assertProblem(
        Code.FAILED_PRECONDITION, "UPLOAD_NOT_RECEIVED", () -> urls.finish(alice, created));
    urls.put(created, bytes);
    assertThat(urls.finish(alice, created).getSize()).isEqualTo(100);
    var streamed = alice.upload("no url", "came otherwise " + created.getFileId());
    assertThat(urls.finish(alice, streamed.getId())).isEqualTo(streamed);
  }

  @Test
  void whatIsNotAsAnnouncedLeavesNothing() {
    var other = random(100);
    var wrong = urls.create(alice, header(random(100)));
    urls.put(wrong, other);
    assertProblem(Code.FAILED_PRECONDITION, "HASH_MISMATCH", () -> urls.finish(alice, wrong))
        .containsEntry("sha256", Bytes.digest(other).sha256());
    var avatar = header(other).setPurpose(File.Purpose.avatar);
    var refused = urls.create(alice, avatar);
    urls.put(refused, other);
    assertProblem(Code.INVALID_ARGUMENT, "MEDIA_TYPE_REFUSED", () -> urls.finish(alice, refused));
    Await.until(
        "nothing is left",
        () -> service.column("select 1 from file where state = 'PENDING'").isEmpty());
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> urls.finish(alice, wrong));
    service.sweep();
    assertOneTruth();
  }

  @Test
  void whatIsTooLargeOrOfNoSizeGetsNoUrl() {
    assertProblem(
            Code.RESOURCE_EXHAUSTED,
            "TOO_LARGE",
            () -> urls.create(alice, UploadHeader.newBuilder().setSize(KIB * KIB + 1)))
        .containsEntry("limit_bytes", "1048576");
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> urls.create(alice, UploadHeader.newBuilder()))
        .field("header.size");
  }

  @Test
  void theRoomOfAnUploadIsItsOwnUntilItExpires() throws Exception {
    var carol = newPerson();
    var granted = new AtomicInteger();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      threads.invokeAll(
          IntStream.range(0, 8)
              .<Callable<Boolean>>mapToObj(_ -> () -> grant(carol, 300 * KIB, granted))
              .toList());
    }
    assertThat(granted).hasValue(3);
    assertProblem(
        Code.RESOURCE_EXHAUSTED,
        "QUOTA_EXCEEDED",
        () -> carol.upload(UploadHeader.newBuilder(), random(200 * KIB)));
    service.expireUploads();
    service.sweep();
    assertThat(carol.upload(UploadHeader.newBuilder(), random(200 * KIB)).getSize())
        .isEqualTo(200 * KIB);
    assertOneTruth();
  }

  private boolean grant(Person person, int size, AtomicInteger granted) {
    try {
      urls.create(person, UploadHeader.newBuilder().setSize(size));
      granted.incrementAndGet();
      return true;
    } catch (StatusRuntimeException refused) {
      assertThat(refused.getStatus().getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
      return false;
    }
  }

  @Test
  void aWholeQuotaMayComeByUrl() {
    var carol = newPerson();
    var bytes = random(KIB * KIB);
    var created = urls.create(carol, header(bytes));
    urls.put(created, bytes);
    assertThat(urls.finish(carol, created).getSize()).isEqualTo(bytes.length);
  }

  @Test
  void anotherUrlForTheSameFileTakesThePlaceOfTheFirst() {
    var id = UUID.randomUUID().toString();
    var bytes = random(100);
    var header = header(bytes).setFileId(id);
    var first = urls.create(alice, header);
    var second = urls.create(alice, header);
    urls.put(first, bytes);
    assertProblem(
        Code.FAILED_PRECONDITION, "UPLOAD_NOT_RECEIVED", () -> urls.finish(alice, second));
    urls.put(second, bytes);
    assertThat(urls.finish(alice, second).getId()).isEqualTo(id);
    assertProblem(Code.ALREADY_EXISTS, "ALREADY_EXISTS", () -> urls.create(alice, header));
    assertProblem(Code.ALREADY_EXISTS, "ALREADY_EXISTS", () -> urls.create(bob, header));
    service.sweep();
    assertOneTruth();
  }

  @Test
  void aStoreThatFailsInBetweenIsAskedAgain() {
    var bytes = random(100);
    var created = urls.create(alice, header(bytes));
    urls.put(created, bytes);
    for (var at : List.of("head", "before copy", "after copy", "read", "digest")) {
      var heard = ConcurrentHashMap.<String>newKeySet();
      service.store().onStep(step -> failAt(at, step, heard));
      assertProblem(Code.UNAVAILABLE, "UNAVAILABLE", () -> urls.finish(alice, created));
      assertThat(heard).contains(at);
    }
    service.store().onStep(_ -> {});
    assertThat(urls.finish(alice, created).getSize()).isEqualTo(100);
    service.sweep();
    Await.until("copies are gone", () -> service.store().keys().size() == ready());
  }

  private static void failAt(String at, String step, java.util.Set<String> heard) {
    heard.add(step);
    if (step.equals(at)) {
      throw new Problem.Unavailable("object-store", Duration.ofSeconds(1)).raise();
    }
  }

  private int ready() {
    return service.column("select 1 from blob where state = 'READY'").size();
  }

  private Person newPerson() {
    return service.person(TENANT, "MEMBER");
  }

  private static byte[] random(int length) {
    return Bytes.random(length, UUID.randomUUID().getMostSignificantBits());
  }

  private static UploadHeader.Builder header(byte[] bytes) {
    return UploadHeader.newBuilder()
        .setFilename("f")
        .setSize(bytes.length)
        .setSha256(Bytes.digest(bytes).sha256());
  }

  private static String header(HttpResponse<byte[]> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }
}
