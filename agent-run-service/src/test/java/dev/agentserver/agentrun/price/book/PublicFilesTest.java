package dev.agentserver.agentrun.price.book;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.Harness;
import dev.agentserver.agentrun.v1.ImportPricesRequest;
import dev.agentserver.agentrun.v1.ImportPricesRequest.Format;
import dev.agentserver.agentrun.v1.PriceIssue;
import dev.agentserver.agentrun.v1.PriceServiceGrpc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// The public files of prices as they are, from a directory that is not ours.
@EnabledIfSystemProperty(named = "cost.cases", matches = ".+")
class PublicFilesTest {
  private static final Path FILES = Path.of(System.getProperty("cost.cases", ""), "prices");

  @Test
  void bothFilesAreTakenOverAndWhatIsAbsurdIsLeftOut() throws IOException {
    try (var service = Harness.start()) {
      var files =
          Map.of(
              Format.FORMAT_LITELLM, "litellm_prices.json",
              Format.FORMAT_GENAI_PRICES, "genai_prices_v2.json");
      for (var file : files.entrySet()) {
        var caller = service.caller(UUID.randomUUID(), "ADMIN");
        var prices = PriceServiceGrpc.newBlockingStub(service.channel(caller));
        var request =
            ImportPricesRequest.newBuilder()
                .setFormat(file.getKey())
                .setContent(Files.readString(FILES.resolve(file.getValue())));
        var planned = prices.importPrices(request.setDryRun(true).build());
        var done = prices.importPrices(request.setDryRun(false).build());
        assertThat(done.getAddedCount()).isEqualTo(planned.getAddedCount()).isGreaterThan(1_400);
        assertThat(prices.importPrices(request.build()).getUnchangedCount())
            .isEqualTo(done.getAddedCount());
        if (file.getKey() == Format.FORMAT_LITELLM) {
          assertThat(done.getIssuesList())
              .filteredOn(issue -> issue.getCode() == PriceIssue.Code.CODE_ABSURD_PRICE)
              .isNotEmpty()
              .allMatch(PriceIssue::getRejected);
        }
      }
    }
  }
}
