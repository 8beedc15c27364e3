package dev.agentserver.kit.test;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/// Holds what one logger says while a test runs, instead of printing it.
public final class LogCapture implements AutoCloseable {
  private final Logger logger;
  private final Level level;
  private final ListAppender<ILoggingEvent> lines =
      new ListAppender<>() {
        @Override
        protected void append(ILoggingEvent event) {
          // The logging context is that of the thread that logs, so it is read now.
          event.prepareForDeferredProcessing();
          super.append(event);
        }
      };

  private LogCapture(Logger logger) {
    this.logger = logger;
    this.level = logger.getLevel();
    lines.start();
    logger.setLevel(Level.TRACE);
    logger.setAdditive(false);
    logger.addAppender(lines);
  }

  public static LogCapture of(Class<?> source) {
    return of(source.getName());
  }

  public static LogCapture of(String name) {
    return new LogCapture((Logger) LoggerFactory.getLogger(name));
  }

  public List<ILoggingEvent> lines() {
    return List.copyOf(lines.list);
  }

  @Override
  public void close() {
    logger.detachAppender(lines);
    logger.setAdditive(true);
    logger.setLevel(level);
  }
}
