package dev.agentserver.file.scan;

import java.io.InputStream;

/// Looks for malware.
public interface Scanner {
  /// Reads the content to its end, or as far as the verdict needs. A scanner that is away or too
  /// slow is `Unavailable("scanner")`, content that breaks off `Unavailable("object-store")`: both
  /// say nothing of the content, and are tried again.
  ///
  /// @param length how many bytes the content has
  Verdict scan(InputStream content, long length);

  /// Whether it looks at anything: else the content need not be read for it.
  default boolean looks() {
    return true;
  }

  /// Looks at nothing: where no scanner is configured.
  static Scanner none() {
    return new Scanner() {
      @Override
      public Verdict scan(InputStream content, long length) {
        return new Verdict.Clean();
      }

      @Override
      public boolean looks() {
        return false;
      }
    };
  }
}
