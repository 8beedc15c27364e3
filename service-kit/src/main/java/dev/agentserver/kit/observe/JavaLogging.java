package dev.agentserver.kit.observe;

import java.text.MessageFormat;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.slf4j.LoggerFactory;

/// Hands on what libraries log through java.util.logging, gRPC above all, so that there is one log
/// in one form.
final class JavaLogging extends Handler {
  @Override
  public void publish(LogRecord entry) {
    var name = entry.getLoggerName();
    var logger = LoggerFactory.getLogger(name == null ? "java" : name);
    logger.atLevel(level(entry.getLevel())).setCause(entry.getThrown()).log("{}", message(entry));
  }

  private static org.slf4j.event.Level level(Level level) {
    if (level.intValue() >= Level.SEVERE.intValue()) {
      return org.slf4j.event.Level.ERROR;
    }
    if (level.intValue() >= Level.WARNING.intValue()) {
      return org.slf4j.event.Level.WARN;
    }
    return level.intValue() >= Level.INFO.intValue()
        ? org.slf4j.event.Level.INFO
        : org.slf4j.event.Level.DEBUG;
  }

  private static String message(LogRecord entry) {
    var message = String.valueOf(entry.getMessage());
    return entry.getParameters() == null || entry.getParameters().length == 0
        ? message
        : MessageFormat.format(message, entry.getParameters());
  }

  @Override
  public void flush() {
    // Nothing is held back.
  }

  @Override
  public void close() {
    // There is nothing to close.
  }
}
