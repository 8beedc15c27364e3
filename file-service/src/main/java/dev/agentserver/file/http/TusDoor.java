package dev.agentserver.file.http;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import dev.agentserver.file.upload.Continuation;
import dev.agentserver.file.upload.ResumableUploads;
import dev.agentserver.file.upload.ResumableUploads.Progress;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.io.IOException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/// Resumable uploads by tus 1.0. The last segment of an upload's address is the id of the file that
/// it becomes.
final class TusDoor {
  private static final String PATH = "/v1/tus";
  private static final String VERSION = "1.0.0";
  private static final String EXTENSIONS =
      "creation,creation-with-upload,creation-defer-length,checksum,expiration,termination";
  private static final String BYTES = "application/offset+octet-stream";
  private static final Set<HttpMethod> OF_UPLOAD =
      Set.of(HttpMethod.HEAD, HttpMethod.PATCH, HttpMethod.DELETE);
  private static final int PIECE = 64 * 1024;
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final ResumableUploads uploads;

  TusDoor(ResumableUploads uploads) {
    this.uploads = uploads;
  }

  static boolean takes(String path) {
    return path.equals(PATH) || path.startsWith(PATH + "/");
  }

  /// What every answer says.
  private static void mark(ResponseHeadersBuilder headers) {
    headers.set("tus-resumable", VERSION).set("tus-version", VERSION);
  }

  /// What a refusal says besides. Clients of tus come back after a 503, not after a 429.
  static void mark(ResponseHeadersBuilder headers, String reason) {
    mark(headers);
    if (reason.equals("OVERLOADED")) {
      headers.status(503);
    }
  }

  HttpResponse serve(Caller caller, String path, HttpRequest request, Patience patience) {
    var headers = request.headers();
    var method = method(headers);
    if (method == HttpMethod.OPTIONS) {
      return options();
    }
    if (!headers.get("tus-resumable", "").equals(VERSION)) {
      throw new Problem.Refused(
              "UNSUPPORTED_TUS_VERSION",
              "Tus-Resumable must be " + VERSION,
              Map.of("version", VERSION))
          .raise();
    }
    var id = path.length() <= PATH.length() + 1 ? null : path.substring(PATH.length() + 1);
    if (id == null && method == HttpMethod.POST) {
      return create(caller, request, patience);
    }
    if (id == null || !OF_UPLOAD.contains(method)) {
      throw new Problem.NotFound("page", method + " " + path).raise();
    }
    var upload = FileDoor.uuid(id);
    return switch (method) {
      case HEAD -> get(caller, upload, patience);
      case PATCH -> resume(caller, upload, request, patience);
      default -> terminate(caller, upload, patience);
    };
  }

  /// Some clients cannot send every method.
  private static HttpMethod method(RequestHeaders headers) {
    var instead = headers.get("x-http-method-override");
    var method = instead == null ? headers.method() : HttpMethod.tryParse(instead);
    return method == null ? headers.method() : method;
  }

  private HttpResponse options() {
    return answer(
        ResponseHeaders.builder(204)
            .set("tus-extension", EXTENSIONS)
            .set("tus-max-size", Long.toString(uploads.most()))
            .set("tus-checksum-algorithm", TusHeaders.ALGORITHMS));
  }

  private HttpResponse create(Caller caller, HttpRequest request, Patience patience) {
    var headers = request.headers();
    var withBytes = isBytes(headers);
    var checksum = withBytes ? TusHeaders.checksum(headers) : null;
    var upload = uploads.create(caller, TusHeaders.file(headers), TusHeaders.metadata(headers));
    if (withBytes && !isFile(upload)) {
      var id = upload.id();
      upload =
          take(
              uploads.resume(caller, id, 0, OptionalLong.empty(), checksum, request::abort),
              request,
              patience);
    }
    patience.over();
    return answer(progress(201, upload).set("location", PATH + "/" + upload.id()));
  }

  private static boolean isFile(Progress upload) {
    return upload.expiresAt() == null;
  }

  private HttpResponse get(Caller caller, UUID id, Patience patience) {
    patience.over();
    var upload = uploads.get(caller, id);
    var headers = progress(200, upload).set("cache-control", "no-store");
    if (upload.length() == null) {
      headers.set("upload-defer-length", "1");
    } else {
      headers.set("upload-length", Long.toString(upload.length()));
    }
    if (!upload.metadata().isEmpty()) {
      headers.set("upload-metadata", upload.metadata());
    }
    return answer(headers);
  }

  private HttpResponse resume(Caller caller, UUID id, HttpRequest request, Patience patience) {
    var headers = request.headers();
    if (!isBytes(headers)) {
      throw new Problem.Refused(
              "MEDIA_TYPE_REFUSED",
              "the body must be " + BYTES,
              Map.of("media_type", headers.get("content-type", "")))
          .raise();
    }
    var offset = TusHeaders.number(headers, "Upload-Offset");
    var length = TusHeaders.length(headers);
    var checksum = TusHeaders.checksum(headers);
    var continuation = uploads.resume(caller, id, offset, length, checksum, request::abort);
    return answer(progress(204, take(continuation, request, patience)));
  }

  private static Progress take(Continuation upload, HttpRequest request, Patience patience) {
    try (upload) {
      read(upload, request, patience);
      patience.over();
      return upload.finish();
    }
  }

  private static void read(Continuation upload, HttpRequest request, Patience patience) {
    try (var bytes = request.toInputStream(TusDoor::data)) {
      var piece = new byte[PIECE];
      for (var read = bytes.read(piece); read >= 0; read = bytes.read(piece)) {
        patience.moved();
        upload.write(piece, 0, read);
      }
    } catch (IOException brokenOff) {
      throw upload.breakOff();
    }
  }

  private static HttpData data(HttpObject piece) {
    return piece instanceof HttpData bytes ? bytes : HttpData.empty();
  }

  private HttpResponse terminate(Caller caller, UUID id, Patience patience) {
    patience.over();
    uploads.terminate(caller, id);
    return answer(ResponseHeaders.builder(204));
  }

  private static boolean isBytes(RequestHeaders headers) {
    return headers.get("content-type", "").equals(BYTES);
  }

  private static ResponseHeadersBuilder progress(int status, Progress upload) {
    var headers = ResponseHeaders.builder(status);
    headers.set("upload-offset", Long.toString(upload.received()));
    if (upload.expiresAt() != null) {
      headers.set("upload-expires", DATE.format(upload.expiresAt()));
    }
    return headers;
  }

  private static HttpResponse answer(ResponseHeadersBuilder headers) {
    mark(headers);
    return HttpResponse.of(headers.build());
  }
}
