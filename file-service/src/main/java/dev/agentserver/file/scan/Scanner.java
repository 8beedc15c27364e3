package dev.agentserver.file.scan;

import java.io.InputStream;

/// Looks for malware.
@FunctionalInterface
public interface Scanner {
  /// Reads the content to its end, or as far as the verdict needs. A scanner that is away or too
  /// slow is `Unavailable("scanner")`, content that breaks off `Unavailable("object-store")`: both
  /// say nothing of the content, and are tried again.
  ///
  /// @param length how many bytes the content has
  Verdict scan(InputStream content, long length);

  /// Looks at nothing: where no scanner is configured.
  static Scanner none() {
    return (_, _) -> new Verdict.Clean();
  }
}
