package dev.agentserver.commandline.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// The elements of a JSON array, or one JSON text after the other, as lines or not. Of a zip those
/// of every `conversations.json` (also `conversations-000.json` …) in it.
public final class JsonElements {
  /// Reads numbers by their digits, so that none is rounded.
  public static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxStringLength(64 << 20)
                          .maxNestingDepth(5000)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final Pattern CONVERSATIONS =
      Pattern.compile("(?:.*/)?conversations(?:-\\d+)?\\.json");

  private JsonElements() {}

  /// What is done with each.
  interface Each {
    void element(JsonNode element) throws IOException;
  }

  static void read(Path file, Each each) throws IOException {
    if (!file.getFileName().toString().endsWith(".zip")) {
      try (var in = Files.newInputStream(file)) {
        read(in, each);
      }
      return;
    }
    try (var zip = new ZipFile(file.toFile())) {
      var entries =
          zip.stream()
              .filter(entry -> CONVERSATIONS.matcher(entry.getName()).matches())
              .sorted(Comparator.comparing(ZipEntry::getName))
              .toList();
      if (entries.isEmpty()) {
        throw new IOException(file + " holds no conversations.json");
      }
      for (var entry : entries) {
        try (var in = zip.getInputStream(entry)) {
          read(in, each);
        }
      }
    }
  }

  private static void read(InputStream in, Each each) throws IOException {
    try (var elements = JSON.readerFor(JsonNode.class).<JsonNode>readValues(in)) {
      while (elements.hasNextValue()) {
        each.element(elements.nextValue());
      }
    }
  }
}
