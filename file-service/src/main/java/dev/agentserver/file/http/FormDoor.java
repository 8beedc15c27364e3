package dev.agentserver.file.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.multipart.BodyPart;
import com.linecorp.armeria.common.multipart.Multipart;
import dev.agentserver.file.file.FileName;
import dev.agentserver.file.file.NewFile;
import dev.agentserver.file.file.Purpose;
import dev.agentserver.file.file.StoredFile;
import dev.agentserver.file.upload.Uploads;
import dev.agentserver.kit.cancel.Cancelled;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/// Forms of type `multipart/form-data` with one file. The fields `purpose` and `file_id` count
/// where they come before it, as curl and browsers send them in the order of the form.
final class FormDoor {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int PIECE = 64 * 1024;
  private static final int FIELD = 1024;
  private static final int MOST_PARTS = 20;

  private final Uploads uploads;
  private final ExecutorService threads;

  FormDoor(Uploads uploads, ExecutorService threads) {
    this.uploads = uploads;
    this.threads = threads;
  }

  /// What is known of the form so far.
  private static final class Form {
    private @Nullable Purpose purpose;
    private String fileId = "";
    private @Nullable StoredFile stored;
    private int parts;
  }

  /// @param purpose as the path says; null: as the form does, else an attachment
  HttpResponse take(
      Caller caller, @Nullable Purpose purpose, HttpRequest request, Patience patience) {
    var type = request.contentType();
    if (type == null || !type.is(MediaType.MULTIPART_FORM_DATA)) {
      throw new Problem.Refused(
              "MEDIA_TYPE_REFUSED",
              "the body must be multipart/form-data",
              Map.of("media_type", String.valueOf(type)))
          .raise();
    }
    var form = new Form();
    form.purpose = purpose;
    read(caller, request, form, patience);
    patience.over();
    var stored = form.stored;
    if (stored == null) {
      throw Problem.invalid("file", "the form has no file");
    }
    return HttpResponse.of(
        ResponseHeaders.builder(201)
            .contentType(MediaType.JSON)
            .set("location", "/v1/files/" + stored.id())
            .build(),
        HttpData.ofUtf8(json(stored)));
  }

  /// The parts come one after the other, each when the one before was read.
  private void read(Caller caller, HttpRequest request, Form form, Patience patience) {
    try {
      Multipart.from(request)
          .collect(
              part ->
                  CompletableFuture.supplyAsync(() -> read(caller, part, form, patience), threads))
          .join();
    } catch (CompletionException failed) {
      request.abort();
      throw failed.getCause() instanceof RuntimeException fault && !isTransport(fault)
          ? fault
          : new Cancelled();
    } catch (IllegalArgumentException noBoundary) {
      throw Problem.invalid("", "the form cannot be read: " + noBoundary.getMessage());
    }
  }

  private static boolean isTransport(RuntimeException fault) {
    return fault.getClass().getPackageName().startsWith("com.linecorp.armeria");
  }

  private boolean read(Caller caller, BodyPart part, Form form, Patience patience) {
    if (++form.parts > MOST_PARTS) {
      throw Problem.invalid("", "the form has more than " + MOST_PARTS + " parts");
    }
    try (var bytes = part.content().toInputStream(data -> data)) {
      if (part.filename() == null) {
        field(part, new String(bytes.readNBytes(FIELD), StandardCharsets.UTF_8).strip(), form);
        return bytes.read() < 0 || tooLong(part);
      }
      if (form.stored != null) {
        throw Problem.invalid("file", "the form has more than one file");
      }
      form.stored = store(caller, part, form, bytes, patience);
      return true;
    } catch (IOException brokenOff) {
      // There is nobody left to be told.
      throw new Cancelled();
    }
  }

  private static boolean tooLong(BodyPart part) {
    throw Problem.invalid(String.valueOf(part.name()), "must have at most " + FIELD + " bytes");
  }

  private static void field(BodyPart part, String value, Form form) {
    switch (String.valueOf(part.name())) {
      case "purpose" ->
          form.purpose = form.purpose == null ? FileDoor.purpose(value) : form.purpose;
      case "file_id" -> form.fileId = value;
      default -> {
        // Fields of somebody else's form.
      }
    }
  }

  private StoredFile store(
      Caller caller, BodyPart part, Form form, InputStream bytes, Patience patience)
      throws IOException {
    var type = part.headers().contentType();
    var file =
        new NewFile(
            form.fileId.isEmpty() ? null : FileDoor.uuid(form.fileId),
            FileName.clean(String.valueOf(part.filename())),
            type == null ? "" : shortened(type.toString()),
            form.purpose == null ? Purpose.ATTACHMENT : form.purpose,
            "",
            OptionalLong.empty(),
            true);
    try (var upload = uploads.begin(caller, file)) {
      var piece = new byte[PIECE];
      for (var read = bytes.read(piece); read >= 0; read = bytes.read(piece)) {
        patience.moved();
        upload.write(piece, 0, read);
      }
      patience.over();
      return upload.finish();
    }
  }

  private static String shortened(String type) {
    return type.length() > 255 ? "" : type;
  }

  private static String json(StoredFile file) {
    var text = new StringWriter();
    try (var json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("file_id", file.id().toString());
      json.writeStringField("url", file.url());
      json.writeStringField("minio_path", file.readable().path());
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toString();
  }
}
