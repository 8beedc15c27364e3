package dev.agentserver.kit.observe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

class LoggingTest {
  private static final Logger LOG = LoggerFactory.getLogger("test.log");
  private final PrintStream before = System.out;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @BeforeEach
  void capture() {
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void restore() throws JoranException, IOException {
    System.setOut(before);
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    new ContextInitializer(context).autoConfig();
    LogManager.getLogManager().readConfiguration();
  }

  @Test
  void aLineIsAJsonObjectWithTheRequestsId() {
    Logging.configure("info", true);
    MDC.put(Logging.REQUEST_ID, "r-1");
    try {
      LOG.info("said {}", "\"hello\"");
    } finally {
      MDC.remove(Logging.REQUEST_ID);
    }
    assertThat(lines())
        .singleElement()
        .asString()
        .startsWith("{")
        .endsWith("}")
        .contains(
            "\"level\":\"INFO\"",
            "\"loggerName\":\"test.log\"",
            "\"request_id\":\"r-1\"",
            "said \\\"hello\\\"");
  }

  @Test
  void anExceptionStaysOnTheLine() {
    Logging.configure("info", true);
    LOG.error("failed", new IllegalStateException("because\nof this"));
    assertThat(lines())
        .singleElement()
        .asString()
        .contains("IllegalStateException", "because\\nof this");
  }

  @Test
  void theLevelHolds() {
    Logging.configure("warn", true);
    LOG.info("quiet");
    LOG.warn("loud");
    assertThat(lines()).singleElement().asString().contains("loud");
  }

  @Test
  void aTerminalGetsPlainLines() {
    Logging.configure("info", false);
    MDC.put(Logging.REQUEST_ID, "r-1");
    try {
      LOG.info("hello");
    } finally {
      MDC.remove(Logging.REQUEST_ID);
    }
    assertThat(lines()).singleElement().asString().contains("INFO", "test.log", "[r-1] hello");
  }

  @Test
  void whatLibrariesLogThroughTheJdkIsInTheSameForm() {
    Logging.configure("debug", true);
    var jdk = java.util.logging.Logger.getLogger("test.jdk");
    jdk.log(Level.SEVERE, "failed at {0}", "start");
    jdk.warning("careful");
    jdk.info("by the way");
    jdk.fine("not at this level");
    var nameless = new LogRecord(Level.FINE, "detail");
    new JavaLogging().publish(nameless);
    assertThat(lines()).hasSize(4);
    assertThat(lines().get(0))
        .contains("\"level\":\"ERROR\"", "\"loggerName\":\"test.jdk\"", "failed at start");
    assertThat(lines().get(1)).contains("\"level\":\"WARN\"");
    assertThat(lines().get(2)).contains("\"level\":\"INFO\"");
    assertThat(lines().get(3)).contains("\"level\":\"DEBUG\"");
  }

  private java.util.List<String> lines() {
    return printed.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
