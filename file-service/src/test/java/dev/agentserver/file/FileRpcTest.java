package dev.agentserver.file;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.FieldMask;
import dev.agentserver.file.test.Bytes;
import dev.agentserver.file.v1.CollectGarbageRequest;
import dev.agentserver.file.v1.DeleteFileRequest;
import dev.agentserver.file.v1.DownloadFileRequest;
import dev.agentserver.file.v1.File;
import dev.agentserver.file.v1.GetStorageUsageRequest;
import dev.agentserver.file.v1.ListFilesRequest;
import dev.agentserver.file.v1.UpdateFileRequest;
import dev.agentserver.file.v1.UploadHeader;
import dev.agentserver.file.v1.VerifyFileRequest;
import dev.agentserver.kit.test.Await;
import io.grpc.Status.Code;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FileRpcTest extends ServiceTest {
  @Override
  Harness start() {
    return Harness.start("FILE_MAX_MIB", "1", "FILE_TYPES", "text/*,image/png,application/*");
  }

  @Test
  void whatWasUploadedIsDownloadedByteForByte() {
    var bytes = new byte[700_000];
    for (var i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31 + (i >> 8));
    }
    var header = UploadHeader.newBuilder().setFilename("data.bin").setContentType("x/y");
    var file = alice.upload(header, bytes);
    assertThat(file.getState()).isEqualTo(File.State.STATE_READY);
    assertThat(file.getSize()).isEqualTo(bytes.length);
    assertThat(file.getSha256()).isEqualTo(Bytes.digest(bytes).sha256());
    assertThat(file.getPurpose()).isEqualTo(File.Purpose.attachment);
    assertThat(file.getContentType()).isEqualTo("x/y");
    assertThat(file.getMediaType()).isEqualTo("application/octet-stream");
    assertThat(file.getUrl()).isEqualTo("/v1/files/" + file.getId() + "/content");
    assertThat(file.getMinioPath()).startsWith(service.store().bucket() + "/files/" + TENANT + "/");
    assertThat(file.getMinioPath()).doesNotContain(file.getId()).doesNotContain("data");
    assertThat(alice.get(file.getId())).isEqualTo(file);
    assertThat(alice.download(file.getId(), 0, 0)).isEqualTo(bytes);
    assertThat(alice.download(file.getId(), 699_000, 5_000)).hasSize(1_000);
    assertThat(alice.download(file.getId(), 3, 4))
        .isEqualTo(java.util.Arrays.copyOfRange(bytes, 3, 7));
  }

  @Test
  void aFileWithoutBytesIsAFile() {
    var file = alice.upload("empty", "");
    assertThat(file.getState()).isEqualTo(File.State.STATE_READY);
    assertThat(file.getSize()).isZero();
    assertThat(alice.text(file)).isEmpty();
  }

  @Test
  void aRangeThatBeginsBeyondTheEndIsRefused() {
    var file = alice.upload("short", "0123456789");
    assertThat(alice.download(file.getId(), 10, 0)).isEmpty();
    assertProblem(
            Code.OUT_OF_RANGE, "RANGE_NOT_SATISFIABLE", () -> alice.download(file.getId(), 11, 0))
        .containsEntry("size", "10");
    var negative = DownloadFileRequest.newBuilder().setFileId(file.getId()).setOffset(-1).build();
    assertProblem(
        Code.INVALID_ARGUMENT,
        "INVALID_ARGUMENT",
        () -> alice.files().downloadFile(negative).hasNext());
  }

  @Test
  void theSameBytesAreKeptOnceInATenantAndGoWithTheLastFile() {
    var text = "shared " + UUID.randomUUID();
    var one = alice.upload("one", text);
    var two = bob.upload("two", text);
    var other = service.person(UUID.randomUUID(), "MEMBER").upload("three", text);
    assertThat(two.getMinioPath()).isEqualTo(one.getMinioPath());
    assertThat(other.getMinioPath()).isNotEqualTo(one.getMinioPath());
    delete(alice, one);
    assertThat(bob.text(two)).isEqualTo(text);
    delete(bob, two);
    assertThat(service.store().keys()).doesNotContain(key(two));
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> bob.get(two.getId()));
    assertOneTruth();
  }

  @Test
  void uploadsOfTheSameBytesAtOnceShareThem() throws Exception {
    var text = "at once " + UUID.randomUUID();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var uploads =
          IntStream.range(0, 8)
              .<Callable<File>>mapToObj(i -> () -> (i % 2 == 0 ? alice : bob).upload("f" + i, text))
              .toList();
      var paths = new ArrayList<String>();
      for (var done : threads.invokeAll(uploads)) {
        paths.add(done.get().getMinioPath());
      }
      assertThat(paths).hasSize(8).containsOnly(paths.getFirst());
    }
    assertOneTruth();
  }

  @Test
  void anUploadWithItsOwnIdMayBeRepeated() {
    var id = UUID.randomUUID().toString();
    var header = UploadHeader.newBuilder().setFileId(id).setFilename("mine");
    var first = alice.upload(header, bytes("content"));
    assertThat(first.getId()).isEqualTo(id);
    assertThat(alice.upload(header, bytes("content"))).isEqualTo(first);
    assertProblem(
        Code.ALREADY_EXISTS, "ALREADY_EXISTS", () -> alice.upload(header, bytes("other")));
    assertProblem(
        Code.ALREADY_EXISTS, "ALREADY_EXISTS", () -> bob.upload(header, bytes("content")));
    assertThat(alice.text(first)).isEqualTo("content");
    delete(alice, first);
    assertProblem(
        Code.ALREADY_EXISTS, "ALREADY_EXISTS", () -> alice.upload(header, bytes("content")));
  }

  @Test
  void anUploadThatBrokeOffBeginsAnewUnderItsId() {
    var id = UUID.randomUUID().toString();
    service.sql(
        "insert into blob values ('%1$s', '%2$s', 'bucket', 'files/%1$s/%2$s', 'WRITING', 0, null, 0, now(), now() + interval '1 hour')"
            .formatted(TENANT, id));
    service.sql(
        "insert into file values ('%s', '%s', '%s', 'old', '', 'x/y', 'ATTACHMENT', 'PENDING', '%s', 1, now(), now(), null)"
            .formatted(TENANT, id, alice.caller().principalId(), id));
    var file =
        alice.upload(
            UploadHeader.newBuilder().setFileId(id).setFilename("new"), bytes("anew " + id));
    assertThat(file.getFilename()).isEqualTo("new");
    assertThat(alice.text(file)).isEqualTo("anew " + id);
    service.sweep();
    assertOneTruth();
  }

  @Test
  void whatIsNotAsAnnouncedIsRefusedAndLeavesNothing() {
    var wrong = UploadHeader.newBuilder().setFilename("f").setSha256("0".repeat(64));
    assertProblem(
            Code.FAILED_PRECONDITION,
            "HASH_MISMATCH",
            () -> alice.upload(wrong, bytes("not zeros")))
        .containsEntry("size", "9");
    var right =
        UploadHeader.newBuilder()
            .setFilename("f")
            .setSize(2)
            .setSha256(Bytes.digest(bytes("ok")).sha256().toUpperCase(java.util.Locale.ROOT));
    assertThat(alice.upload(right, bytes("ok")).getSize()).isEqualTo(2);
    var longer = UploadHeader.newBuilder().setFilename("f").setSize(3);
    assertProblem(
        Code.FAILED_PRECONDITION, "HASH_MISMATCH", () -> alice.upload(longer, bytes("ok")));
    nothingIsLeft();
  }

  @Test
  void whatIsTooLargeIsRefusedWhenItIsKnown() {
    var announced = UploadHeader.newBuilder().setFilename("f").setSize(1024 * 1024 + 1);
    assertProblem(Code.RESOURCE_EXHAUSTED, "TOO_LARGE", () -> alice.upload(announced, new byte[0]))
        .containsEntry("limit_bytes", "1048576");
    assertProblem(
        Code.RESOURCE_EXHAUSTED,
        "TOO_LARGE",
        () -> alice.upload(UploadHeader.newBuilder(), new byte[1024 * 1024 + 1]));
    nothingIsLeft();
  }

  @Test
  void theTypeIsWhatTheBytesLookLikeAndMustBeTaken() {
    var png = new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0};
    var lie = UploadHeader.newBuilder().setFilename("a.txt").setContentType("text/plain");
    assertThat(alice.upload(lie, png).getMediaType()).isEqualTo("image/png");
    assertProblem(
            Code.INVALID_ARGUMENT,
            "MEDIA_TYPE_REFUSED",
            () -> alice.upload(UploadHeader.newBuilder(), bytes("GIF89a...")))
        .containsEntry("media_type", "image/gif");
    var avatar = UploadHeader.newBuilder().setPurpose(File.Purpose.avatar);
    assertThat(alice.upload(avatar, png).getPurpose()).isEqualTo(File.Purpose.avatar);
    assertProblem(
        Code.INVALID_ARGUMENT,
        "MEDIA_TYPE_REFUSED",
        () -> alice.upload(avatar.setContentType("image/png"), bytes("<svg onload='x'/>")));
    nothingIsLeft();
  }

  @Test
  void theFirstPieceIsTheHeaderAndNoOtherIs() {
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> AnyPieces.send(alice, AnyPieces.data("x")))
        .field("header");
    assertProblem(
        Code.INVALID_ARGUMENT,
        "INVALID_ARGUMENT",
        () -> AnyPieces.send(alice, AnyPieces.header(), AnyPieces.header()));
    assertProblem(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> AnyPieces.send(alice));
    nothingIsLeft();
  }

  @Test
  void aCallThatIsCancelledLeavesNothing() throws Exception {
    AnyPieces.breakOff(alice);
    nothingIsLeft();
  }

  @Test
  void filesAreListedNewestFirstPageByPage() {
    var carol = service.person(TENANT, "MEMBER");
    var ids = new ArrayList<String>();
    for (var i = 0; i < 5; i++) {
      ids.addFirst(carol.upload("f" + i, "list " + i).getId());
    }
    carol.upload(UploadHeader.newBuilder().setPurpose(File.Purpose.document), bytes("doc"));
    var request = ListFilesRequest.newBuilder().setPurpose(File.Purpose.attachment).setPageSize(2);
    var seen = new ArrayList<String>();
    do {
      var page = carol.files().listFiles(request.build());
      assertThat(page.getFilesCount()).isLessThanOrEqualTo(2);
      page.getFilesList().forEach(file -> seen.add(file.getId()));
      request.setPageToken(page.getNextPageToken());
    } while (!request.getPageToken().isEmpty());
    assertThat(seen).isEqualTo(ids);
    assertThat(carol.files().listFiles(ListFilesRequest.getDefaultInstance()).getFilesCount())
        .isEqualTo(6);
    assertProblem(
        Code.INVALID_ARGUMENT,
        "INVALID_PAGE_TOKEN",
        () -> carol.files().listFiles(request.setPageToken("abc").build()));
  }

  @Test
  void aFileIsRenamedUnlessItHasChanged() {
    var file = alice.upload("old", "rename");
    var wanted = File.newBuilder().setId(file.getId()).setEtag(file.getEtag()).setFilename("a/b\0");
    var request = UpdateFileRequest.newBuilder().setFile(wanted).setRequestId("r-1").build();
    var renamed = alice.files().updateFile(request);
    assertThat(renamed.getFilename()).isEqualTo("b");
    assertThat(renamed.getEtag()).isNotEqualTo(file.getEtag());
    assertThat(alice.files().updateFile(request)).isEqualTo(renamed);
    assertProblem(
        Code.ABORTED,
        "STALE_VERSION",
        () -> alice.files().updateFile(request.toBuilder().setRequestId("r-2").build()));
    var mask = request.toBuilder().clearRequestId();
    mask.setUpdateMask(FieldMask.newBuilder().addPaths("size"));
    assertProblem(
            Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> alice.files().updateFile(mask.build()))
        .field("update_mask");
  }

  @Test
  void aDeletionIsRepeatedAndHeedsTheEtag() {
    var file = alice.upload("gone", "gone soon");
    var stale = DeleteFileRequest.newBuilder().setFileId(file.getId()).setEtag("99").build();
    assertProblem(Code.ABORTED, "STALE_VERSION", () -> alice.files().deleteFile(stale));
    var request =
        DeleteFileRequest.newBuilder().setFileId(file.getId()).setRequestId("d-1").build();
    alice.files().deleteFile(request);
    alice.files().deleteFile(request);
    assertProblem(
        Code.NOT_FOUND,
        "NOT_FOUND",
        () -> alice.files().deleteFile(request.toBuilder().clearRequestId().build()));
    assertThat(service.store().keys()).doesNotContain(key(file));
    assertThat(
            service.column(
                "select action from audit_entry where resource_id = '" + file.getId() + "'"))
        .containsExactly("agentserver.file.v1.FileService/DeleteFile");
  }

  @Test
  void usageIsWhatIsStored() {
    var dora = service.person(UUID.randomUUID(), "MEMBER");
    var file = dora.upload("a", "12345");
    dora.upload("b", "12345");
    var usage = dora.files().getStorageUsage(GetStorageUsageRequest.getDefaultInstance());
    assertThat(List.of(usage.getBytes(), usage.getFiles())).containsExactly(10L, 2L);
    assertThat(List.of(usage.getTenantBytes(), usage.getTenantFiles())).containsExactly(10L, 2L);
    delete(dora, file);
    var after = dora.files().getStorageUsage(GetStorageUsageRequest.getDefaultInstance());
    assertThat(List.of(after.getBytes(), after.getFiles())).containsExactly(5L, 1L);
  }

  @Test
  void bytesThatChangedInTheStoreAreFoundOut() {
    var file = alice.upload("v", "as it was");
    var request = VerifyFileRequest.newBuilder().setFileId(file.getId()).build();
    assertThat(alice.files().verifyFile(request).getIntact()).isTrue();
    service.store().leave(key(file), bytes("otherwise"));
    var found = alice.files().verifyFile(request);
    assertThat(found.getIntact()).isFalse();
    assertThat(found.getSha256()).isEqualTo(Bytes.digest(bytes("otherwise")).sha256());
    service.store().leave(key(file), bytes("as it was"));
  }

  @Test
  void garbageIsCountedBeforeItIsRemovedAndOnlyThatOfTheTenant() {
    var admin = service.person(UUID.randomUUID(), "ADMIN");
    var kept = admin.upload("kept", "kept");
    var tenant = admin.caller().tenantId();
    service.store().leave("files/" + tenant + "/nobodys", new byte[7]);
    service.store().leaveParts("files/" + tenant + "/parts");
    service.store().leave("files/" + TENANT + "/others", new byte[9]);
    var dry = CollectGarbageRequest.newBuilder().setDryRun(true).build();
    var counted = admin.files().collectGarbage(dry);
    assertThat(List.of(counted.getObjects(), counted.getBytes())).containsExactly(1L, 7L);
    assertThat(admin.files().collectGarbage(CollectGarbageRequest.getDefaultInstance()))
        .isEqualTo(counted);
    assertThat(service.store().keys())
        .doesNotContain("files/" + tenant + "/nobodys")
        .contains("files/" + TENANT + "/others");
    assertThat(service.store().unfinished("files/" + tenant, null, 10)).isEmpty();
    assertThat(admin.text(kept)).isEqualTo("kept");
    service.sweep();
  }

  private void nothingIsLeft() {
    Await.until(
        "nothing is left",
        () ->
            service
                .column("select count(*) from blob where state <> 'READY'")
                .equals(List.of("0")));
    assertThat(service.column("select file_id from file where state = 'PENDING'")).isEmpty();
    assertOneTruth();
  }

  private static void delete(Person person, File file) {
    person.files().deleteFile(DeleteFileRequest.newBuilder().setFileId(file.getId()).build());
  }

  private static String key(File file) {
    return file.getMinioPath().substring(file.getMinioPath().indexOf('/') + 1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
