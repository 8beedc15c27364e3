package dev.agentserver.file.http;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import dev.agentserver.file.file.Disposition;
import dev.agentserver.file.file.StoredFile;
import dev.agentserver.file.library.Files;
import dev.agentserver.file.object.Content;
import dev.agentserver.kit.cancel.Cancelled;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The bytes of files, whole or in ranges, a piece at a time.
final class ContentDoor {
  private static final Logger LOG = LoggerFactory.getLogger(ContentDoor.class);
  private static final int PIECE = 64 * 1024;

  private final Files files;

  ContentDoor(Files files) {
    this.files = files;
  }

  HttpResponse serve(Caller caller, UUID id, HttpRequest request, Patience patience) {
    var file = files.get(caller, id);
    var bytes = file.readable();
    var etag = "\"" + bytes.sha256() + "\"";
    var asked = request.headers();
    if (isKnown(asked.get("if-none-match", ""), etag)) {
      patience.over();
      return HttpResponse.of(headers(304, file, etag).build());
    }
    // A part of another version is of no use to whoever asks.
    var condition = asked.get("if-range", etag);
    var range =
        condition.equals(etag)
            ? ByteRange.of(asked.get("range", ""), bytes.size())
            : Optional.<ByteRange>empty();
    if (range.isPresent() && range.get().isEmpty()) {
      throw new Problem.Refused(
              "RANGE_NOT_SATISFIABLE",
              "the file has " + bytes.size() + " bytes",
              Map.of("size", Long.toString(bytes.size())))
          .raise();
    }
    var part = range.orElse(new ByteRange(0, bytes.size() - 1));
    var headers = headers(range.isPresent() ? 206 : 200, file, etag);
    headers.set("content-length", Long.toString(part.length()));
    range.ifPresent(
        some ->
            headers.set(
                "content-range",
                "bytes %d-%d/%d".formatted(some.first(), some.last(), bytes.size())));
    if (request.method() == HttpMethod.HEAD || part.isEmpty()) {
      patience.over();
      return HttpResponse.of(headers.build());
    }
    return stream(files.read(file, part.first(), part.length()), headers.build(), patience);
  }

  private static ResponseHeadersBuilder headers(int status, StoredFile file, String etag) {
    var disposition = Disposition.of(file);
    return ResponseHeaders.builder(status)
        .set("content-type", disposition.contentType())
        .set("content-disposition", disposition.header())
        .set("x-content-type-options", "nosniff")
        .set("content-security-policy", "default-src 'none'; sandbox")
        .set("cross-origin-resource-policy", "same-site")
        .set("cache-control", "private, no-cache")
        .set("accept-ranges", "bytes")
        .set("etag", etag);
  }

  private static boolean isKnown(String known, String etag) {
    return Arrays.stream(known.split(","))
        .map(String::strip)
        .anyMatch(each -> each.equals("*") || each.equals(etag) || each.equals("W/" + etag));
  }

  private static HttpResponse stream(Content content, ResponseHeaders headers, Patience patience) {
    var response = HttpResponse.streaming();
    response.write(headers);
    Thread.ofVirtual().name("content").start(() -> send(content, response, patience));
    return response;
  }

  /// The next piece is read when the client has taken the one before.
  private static void send(Content content, HttpResponseWriter response, Patience patience) {
    try (content) {
      var left = content.length();
      while (left > 0) {
        var piece = content.stream().readNBytes((int) Math.min(PIECE, left));
        if (piece.length == 0) {
          throw new EOFException("the object ends early");
        }
        left -= piece.length;
        write(response, HttpData.wrap(piece));
        patience.moved();
      }
      patience.over();
      response.close();
    } catch (Cancelled gone) {
      LOG.debug("a client went away", gone);
      response.abort();
    } catch (IOException | RuntimeException failure) {
      // The length was promised: a client sees that this is not all.
      LOG.warn("content broke off", failure);
      response.close(failure);
    }
  }

  private static void write(HttpResponseWriter response, HttpData data) {
    if (!response.tryWrite(data)) {
      throw new Cancelled();
    }
    try {
      response.whenConsumed().join();
    } catch (CompletionException gone) {
      throw new Cancelled();
    }
  }
}
