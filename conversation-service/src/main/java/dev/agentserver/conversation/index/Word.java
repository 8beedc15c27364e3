package dev.agentserver.conversation.index;

/// A word of a text.
///
/// @param text as it is compared: without case and accents
/// @param start where it begins in the text
/// @param end where it ends in the text
public record Word(String text, Kind kind, int start, int end) {
  /// How it was cut.
  public enum Kind {
    /// Between spaces or signs.
    WHOLE,
    /// Two characters of a script that is written without spaces.
    PAIR,
    /// The last character of a run of such pairs.
    LAST
  }
}
