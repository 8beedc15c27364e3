package dev.agentserver.kit.observe;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.util.logging.LogManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Logs to standard output, one JSON object a line or, for a terminal, one plain line. What is
/// logged while a call is handled carries its id, as `mdc.request_id`.
public final class Logging {
  /// The key of the request's id in the logging context.
  public static final String REQUEST_ID = "request_id";

  private static final String PLAIN =
      "%d{HH:mm:ss.SSS} %-5level %logger{24} [%X{" + REQUEST_ID + "}] %msg%n%ex";

  private Logging() {}

  /// Sets up logging of this process, that of java.util.logging included. The first thing a main
  /// method does.
  public static void configure(String level, boolean json) {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    var appender = new ConsoleAppender<ILoggingEvent>();
    appender.setContext(context);
    appender.setEncoder(json ? json(context) : plain(context));
    appender.start();
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.toLevel(level, Level.INFO));
    root.addAppender(appender);
    var java = LogManager.getLogManager();
    java.reset();
    java.getLogger("").addHandler(new JavaLogging());
  }

  private static Encoder<ILoggingEvent> json(LoggerContext context) {
    var encoder = new JsonEncoder();
    encoder.setContext(context);
    encoder.setWithSequenceNumber(false);
    encoder.setWithNanoseconds(false);
    encoder.setWithContext(false);
    encoder.setWithArguments(false);
    encoder.setWithMessage(false);
    encoder.setWithFormattedMessage(true);
    encoder.start();
    return encoder;
  }

  private static Encoder<ILoggingEvent> plain(LoggerContext context) {
    var encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PLAIN);
    encoder.start();
    return encoder;
  }
}
