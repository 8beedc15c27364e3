package dev.agentserver.conversation.rule;

import com.google.re2j.Pattern;
import java.util.List;

/// What is known by its shape.
enum Detector implements Finder {
  /// Addresses of e-mail.
  EMAIL(matcher("[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)*\\.[A-Za-z]{2,24}\\b")),

  /// Numbers of payment cards.
  CARD(new Cards()),

  /// Keys of well-known providers, private keys, and our own.
  KEY(
      matcher(
          "\\b(?:AKIA|ASIA)[0-9A-Z]{16}\\b",
          "\\bgh[opsur]_[0-9A-Za-z]{36,}",
          "\\bgithub_pat_[0-9A-Za-z_]+",
          "\\bglpat-[0-9A-Za-z_-]+",
          "\\bsk-[0-9A-Za-z_-]{16}[0-9A-Za-z_-]+",
          "\\b[rs]k_(?:live|test)_[0-9A-Za-z]+",
          "\\bAIza[0-9A-Za-z_-]+",
          "\\bxox[abeprs]-[0-9A-Za-z-]+",
          "\\bag_[a-z]+_[0-9A-Za-z]+_[0-9A-Za-z]+",
          "(?s:-----BEGIN [A-Z ]*PRIVATE KEY-----(?:.*?-----END [A-Z ]*PRIVATE KEY-----)?)"));

  private final Finder finder;

  Detector(Finder finder) {
    this.finder = finder;
  }

  private static Finder matcher(String... alternatives) {
    return new Matcher(Pattern.compile(String.join("|", alternatives)));
  }

  @Override
  public List<Span> find(String text) {
    return finder.find(text);
  }
}
