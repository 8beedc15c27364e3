package dev.agentserver.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.agentserver.file.object.PartPool;
import dev.agentserver.file.s3.S3Config;
import dev.agentserver.file.test.Bytes;
import dev.agentserver.file.test.TestStore;
import dev.agentserver.file.v1.DownloadFileRequest;
import dev.agentserver.file.v1.DownloadFileResponse;
import dev.agentserver.file.v1.File;
import dev.agentserver.file.v1.FileServiceGrpc;
import dev.agentserver.file.v1.UploadFileRequest;
import dev.agentserver.file.v1.UploadHeader;
import dev.agentserver.kit.test.Await;
import io.grpc.CallOptions;
import io.grpc.Status.Code;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// More uploads at once than there are buffers, by every way in, and clients that stall.
class ManyUploadsTest extends ServiceTest {
  private static final int UPLOADS = 50;
  private static final int LARGE = PartPool.LEAST + 1;
  private static final int MIDDLING = 100_000;
  private static final Duration WAIT = Duration.ofSeconds(1);

  private static final int PIECE = 64 * 1024;
  private static final String FORM = "multipart/form-data; boundary=X";
  private static final String TUS = "application/offset+octet-stream";

  private Door door;

  @Override
  Harness start() {
    return Harness.start(patient(TestStore.config()), "HTTP_STALL", "8s");
  }

  private static S3Config patient(S3Config all) {
    return new S3Config(
        all.endpoint(),
        all.publicEndpoint(),
        all.region(),
        all.bucket(),
        all.accessKey(),
        all.secretKey(),
        all.timeout(),
        all.patience(),
        all.buffers(),
        WAIT);
  }

  @BeforeAll
  void open() {
    door = Door.of(service, Duration.ofSeconds(8));
  }

  @AfterAll
  void close() {
    door.close();
  }

  @Test
  void fiftyAtOnceAreTakenOrToldToComeBackAndHoldNoMoreThanTheBuffers() throws Exception {
    var answers = answers(UPLOADS);
    assertThat(answers).allMatch(answer -> answer.equals("taken") || answer.equals("OVERLOADED"));
    assertThat(answers).contains("taken");
    assertThat(service.store().buffers().available()).isEqualTo(buffers());
    service.sweep();
    assertOneTruth();
  }

  @Test
  void clientsThatStallAreCutOffAndOthersAreToldMeanwhile() throws Exception {
    var file = alice.upload(UploadHeader.newBuilder().setFilename("f"), new byte[4 * LARGE]);
    var path = door.create(alice, LARGE);
    try (var download = stall("GET", file.getUrl(), "", new byte[0]);
        var form = stall("POST", "/v1/files", FORM, begun(form(new byte[MIDDLING])));
        var tus = stall("PATCH", path, TUS, new byte[MIDDLING])) {
      var reading = download(file.getId());
      var first = stallInCall();
      var second = stallInCall();
      Await.until("all buffers are taken", () -> service.store().buffers().available() == 0);
      assertThat(answers(3)).containsOnly("OVERLOADED");
      Await.until("uploads are cut off", () -> service.store().buffers().available() == buffers());
      Await.until("downloads are cut off", () -> service.store().openReads() == 0);
      assertThat(status(first)).isEqualTo(Code.DEADLINE_EXCEEDED);
      assertThat(status(second)).isEqualTo(Code.DEADLINE_EXCEEDED);
      assertThat(rest(reading)).isEqualTo(Code.DEADLINE_EXCEEDED);
      for (var cut : List.of(form, tus)) {
        cut.setSoTimeout(20_000);
        // An answer, or the end of the connection.
        cut.getInputStream().read();
      }
      assertThat(all(download)).isLessThan(4 * LARGE);
    }
    assertThat(door.send(alice, "DELETE", path, null).statusCode()).isEqualTo(204);
    assertThat(answers(3)).containsOnly("taken");
    Await.until(
        "nothing is left",
        () -> service.column("select 1 from blob where state <> 'READY'").isEmpty());
    assertOneTruth();
  }

  private List<String> answers(int count) throws Exception {
    var uploads = new ArrayList<Callable<String>>();
    for (var n = 0; n < count; n++) {
      var bytes = Bytes.random(n % 10 == 9 ? LARGE : MIDDLING, n);
      var way = n % 3;
      uploads.add(() -> upload(way, bytes));
    }
    var answers = new ArrayList<String>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var answer : threads.invokeAll(uploads)) {
        answers.add(answer.get());
      }
    }
    return answers;
  }

  /// Uploads by one of the ways, and says whether it was taken, or else why not.
  private String upload(int way, byte[] bytes) {
    return switch (way) {
      case 0 -> call(bytes);
      case 1 -> answer(door.send(alice, "POST", "/v1/files", form(bytes), "Content-Type", FORM));
      default -> resumable(bytes);
    };
  }

  /// One that was begun and not taken is terminated.
  private String resumable(byte[] bytes) {
    var path = door.create(alice, bytes.length);
    var answer = answer(door.patch(alice, path, 0, bytes));
    if (!answer.equals("taken")) {
      door.send(alice, "DELETE", path, null);
    }
    return answer;
  }

  private String call(byte[] bytes) {
    try {
      alice.upload(UploadHeader.newBuilder().setFilename("f"), bytes);
      return "taken";
    } catch (StatusRuntimeException refused) {
      var code = refused.getStatus().getCode();
      return code == Code.RESOURCE_EXHAUSTED ? "OVERLOADED" : code.name();
    }
  }

  private static String answer(HttpResponse<String> answer) {
    return answer.statusCode() < 300
        ? "taken"
        : answer.body().replaceAll("(?s).*\"reason\":\"(\\w+)\".*", "$1");
  }

  private static byte[] form(byte[] content) {
    var form = new ByteArrayOutputStream();
    form.writeBytes(
        bytes("--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n"));
    form.writeBytes(content);
    form.writeBytes(bytes("\r\n--X--\r\n"));
    return form.toByteArray();
  }

  /// A form that has not come to its end.
  private static byte[] begun(byte[] form) {
    return Arrays.copyOf(form, form.length - "\r\n--X--\r\n".length());
  }

  /// A request that sends some of what it announced and reads nothing.
  private Socket stall(String method, String path, String type, byte[] some) throws IOException {
    var socket = new Socket();
    socket.setReceiveBufferSize(PIECE);
    socket.connect(new InetSocketAddress("127.0.0.1", door.port()));
    var head =
        "%s %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nTus-Resumable: 1.0.0\r\n"
                .formatted(method, path, service.identity().token(alice.caller()))
            + "Upload-Offset: 0\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
                .formatted(type, some.length == 0 ? 0 : LARGE);
    socket.getOutputStream().write(bytes(head));
    socket.getOutputStream().write(some);
    socket.getOutputStream().flush();
    return socket;
  }

  private BlockingClientCall<UploadFileRequest, File> stallInCall() throws Exception {
    var call =
        ClientCalls.blockingClientStreamingCall(
            alice.channel(), FileServiceGrpc.getUploadFileMethod(), CallOptions.DEFAULT);
    call.write(AnyPieces.header());
    call.write(
        UploadFileRequest.newBuilder().setData(ByteString.copyFrom(new byte[MIDDLING])).build());
    return call;
  }

  private BlockingClientCall<DownloadFileRequest, DownloadFileResponse> download(String file)
      throws Exception {
    var call =
        ClientCalls.blockingV2ServerStreamingCall(
            alice.channel(),
            FileServiceGrpc.getDownloadFileMethod(),
            CallOptions.DEFAULT,
            DownloadFileRequest.newBuilder().setFileId(file).build());
    assertThat(call.read()).isNotNull();
    return call;
  }

  private static Code status(BlockingClientCall<?, ?> call) throws Exception {
    try {
      return call.read() == null ? Code.OK : Code.UNKNOWN;
    } catch (StatusException ended) {
      return ended.getStatus().getCode();
    }
  }

  private static Code rest(BlockingClientCall<?, ?> call) throws Exception {
    var status = Code.UNKNOWN;
    while (status == Code.UNKNOWN) {
      status = status(call);
    }
    return status;
  }

  private static long all(Socket socket) {
    var length = 0L;
    try {
      socket.setSoTimeout(20_000);
      var piece = new byte[PIECE];
      var in = socket.getInputStream();
      for (var read = in.read(piece); read >= 0; read = in.read(piece)) {
        length += read;
      }
      return length;
    } catch (IOException reset) {
      return length;
    }
  }

  private static int buffers() {
    return TestStore.config().buffers();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
