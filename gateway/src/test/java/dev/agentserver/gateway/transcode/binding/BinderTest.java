package dev.agentserver.gateway.transcode.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import dev.agentserver.gateway.contract.Methods;
import dev.agentserver.gateway.fault.Fault;
import dev.agentserver.gateway.test.TestContracts;
import dev.agentserver.gateway.transcode.codec.BodyCodec;
import dev.agentserver.gateway.transcode.route.Route;
import dev.agentserver.gateway.transcode.route.RouteTrie.Lookup;
import dev.agentserver.gateway.transcode.route.Routes;
import dev.agentserver.test.bookstore.Book;
import dev.agentserver.test.bookstore.CreateBookRequest;
import dev.agentserver.test.bookstore.CreateShelfRequest;
import dev.agentserver.test.bookstore.GetShelfRequest;
import dev.agentserver.test.bookstore.Shelf;
import dev.agentserver.test.notebook.CreateNoteRequest;
import dev.agentserver.test.notebook.DeleteNoteRequest;
import dev.agentserver.test.notebook.GetNoteRequest;
import dev.agentserver.test.notebook.ListNotesRequest;
import dev.agentserver.test.notebook.UpdateNoteRequest;
import dev.agentserver.test.notebook.View;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How path, query, body and headers become a request message; with Envoy's cases (Q, J) in the
/// safe mode.
class BinderTest {
  private static final Routes ROUTES =
      new Routes(new Methods(TestContracts.load(), Set.of("bookstore", "notebook")));
  private static final Binder BINDER = new Binder(new BodyCodec(TestContracts.load().types()));

  private static byte[] bind(
      String line, String body, @Nullable String ifMatch, @Nullable String idempotencyKey) {
    var parts = line.split("[ ?]", 3);
    if (!(ROUTES.find(parts[0], parts[1]) instanceof Lookup.Found<Route>(var route, var values))) {
      throw new AssertionError("no route for " + line);
    }
    var query = parts.length == 3 ? parts[2] : "";
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    return BINDER.bind(
        route, new RestRequest(values, query, ifMatch, idempotencyKey, null, null, bytes));
  }

  private static byte[] bind(String line, String body) {
    return bind(line, body, null, null);
  }

  private static CreateBookRequest book(String line, String body) {
    try {
      return CreateBookRequest.parseFrom(bind(line, body));
    } catch (InvalidProtocolBufferException damaged) {
      throw new AssertionError(damaged);
    }
  }

  private static Shelf shelf(String line, String body) {
    try {
      return CreateShelfRequest.parseFrom(bind(line, body)).getShelf();
    } catch (InvalidProtocolBufferException damaged) {
      throw new AssertionError(damaged);
    }
  }

  private static ListNotesRequest list(String query) {
    try {
      return ListNotesRequest.parseFrom(bind("GET /v1/notes?" + query, ""));
    } catch (InvalidProtocolBufferException damaged) {
      throw new AssertionError(damaged);
    }
  }

  private static UpdateNoteRequest update(String line, String body) {
    try {
      return UpdateNoteRequest.parseFrom(bind(line, body));
    } catch (InvalidProtocolBufferException damaged) {
      throw new AssertionError(damaged);
    }
  }

  private static void assertRefused(String line, String body, String message) {
    assertThatThrownBy(() -> bind(line, body))
        .isInstanceOf(Fault.class)
        .hasMessageContaining(message)
        .satisfies(fault -> assertThat(((Fault) fault).http()).isEqualTo(400));
  }

  @Test
  void aBlankIsAPlusInAQuery() {
    assertThat(shelf("POST /shelf?shelf.theme=Children+Books", "").getTheme())
        .isEqualTo("Children Books");
    assertThat(shelf("POST /shelf?shelf.theme=C%2B%2B", "").getTheme()).isEqualTo("C++");
  }

  @Test
  void aQueryReachesIntoMessages() {
    assertThat(shelf("POST /shelf?shelf.id=999&shelf.theme=Children", ""))
        .isEqualTo(Shelf.newBuilder().setId(999).setTheme("Children").build());
  }

  @Test
  void aQueryMergesIntoTheBody() {
    var request =
        book(
            "PUT /shelves/1/books?book.title=War%20%26%20Peace&book.quotes=c&book.quotes=d",
            "{\"author\": \"Leo Tolstoy\", \"quotes\": [\"a\", \"b\"]}");

    assertThat(request)
        .isEqualTo(
            CreateBookRequest.newBuilder()
                .setShelf(1)
                .setBook(
                    Book.newBuilder()
                        .setAuthor("Leo Tolstoy")
                        .setTitle("War & Peace")
                        .addQuotes("a")
                        .addQuotes("b")
                        .addQuotes("c")
                        .addQuotes("d"))
                .build());
  }

  @ParameterizedTest
  @ValueSource(strings = {"shelf.search%5Bdecoded%5D=Google", "shelf.search[decoded]=Google"})
  void aNameIsDecodedWhereItIsNoFieldAsItIs(String query) {
    assertThat(shelf("POST /shelf?" + query, "").getSearchDecoded()).isEqualTo("Google");
  }

  @Test
  void aNameIsTakenAsItIsWhereItIsAField() {
    assertThat(shelf("POST /shelf?shelf.search%5Bencoded%5D=Google", "").getSearchEncoded())
        .isEqualTo("Google");
    assertRefused("POST /shelf?shelf.search[encoded]=Google", "", "shelf.search[encoded]");
  }

  @ParameterizedTest
  @CsvSource({
    "GET /shelves?foo=bar, foo",
    "GET /shelves/100?unknown=1, unknown",
    "GET /v1/notes?place=x, place",
    "GET /v1/notes?place.point=x, place.point",
    "GET /v1/notes?place.nowhere=x, place.nowhere",
    "GET /v1/notes?metadata=x, metadata",
    "GET /v1/notes?page_size=many, page_size",
    "GET /v1/notes?page_size, page_size",
    "GET /v1/notes?page_size=1&pageSize=1, page_size",
    "GET /v1/notes?view=SOME, VIEW_UNSPECIFIED",
    "GET /v1/notes?start_time=now, start_time",
    "GET /v1/notes?page_token=%zz, page_token",
    "GET /v1/notes?page_token=%c3%28, page_token",
    "GET /v1/notes?page_token=a%ff, page_token",
    "GET /shelves/abc, shelf",
    "GET /shelves/99999999999999999999, shelf"
  })
  void whatDoesNotFitIsRefusedByName(String line, String name) {
    assertRefused(line, "", name);
  }

  @Test
  void anEmptyQueryIsNone() throws InvalidProtocolBufferException {
    assertThat(GetShelfRequest.parseFrom(bind("GET /shelves/100?", "")).getShelf()).isEqualTo(100);
    assertThat(GetShelfRequest.parseFrom(bind("GET /shelves/100?&", "")).getShelf()).isEqualTo(100);
  }

  @Test
  void aQueryTakesBothSpellingsListsMapsAndTimes() {
    var request =
        list(
            "pageSize=5&labels=a&labels=b&metadata.color=red&metadata[size.x]=big"
                + "&metadata%5B%5D=empty&startTime=2026-01-31T12:00:00+02:00&archived=false"
                + "&view=2&place.point.latitude=1.5");

    assertThat(request)
        .isEqualTo(
            ListNotesRequest.newBuilder()
                .setPageSize(5)
                .addLabels("a")
                .addLabels("b")
                .putMetadata("color", "red")
                .putMetadata("size.x", "big")
                .putMetadata("", "empty")
                .setStartTime(Timestamp.newBuilder().setSeconds(1769853600))
                .setArchived(false)
                .setView(View.VIEW_FULL)
                .setPlace(
                    dev.agentserver.test.notebook.Place.newBuilder()
                        .setPoint(
                            dev.agentserver.test.notebook.Point.newBuilder().setLatitude(1.5)))
                .build());
    assertThat(request.hasArchived()).isTrue();
  }

  @Test
  void thePathWins() {
    assertRefused("GET /shelves/100?shelf=9999", "", "shelf has one value in the path");
    assertRefused("POST /shelf/123", "{\"shelf\": {\"id\": 456}}", "another in the body");
    assertRefused("POST /shelf/123", "{\"shelf\": {\"id\": 0}}", "another in the body");
    assertRefused("POST /shelf/0", "{\"shelf\": {\"id\": 5}}", "another in the body");
    assertRefused("PATCH /shelves/456/books/123", "{\"id\": 5}", "book.id");
  }

  @Test
  void whatTheBodyRepeatsIsNoContradiction() {
    assertThat(shelf("POST /shelf/123", "{\"shelf\": {\"id\": \"123\", \"theme\": \"x\"}}"))
        .isEqualTo(Shelf.newBuilder().setId(123).setTheme("x").build());
    assertThat(shelf("POST /shelf/0", "{\"shelf\": {\"id\": 0}}").getId()).isZero();
    assertThat(shelf("POST /shelf/123", "{\"shelf\": {\"id\": null}}").getId()).isEqualTo(123);
    assertThat(shelf("POST /shelf/123", "{\"shelf\": null}").getId()).isEqualTo(123);
    assertThat(shelf("POST /shelf/123?shelf.id=123", "").getId()).isEqualTo(123);
  }

  @Test
  void aBodyAndAQueryMayNotContradictEachOther() {
    assertRefused("PUT /shelves/1/books?book.title=a", "{\"title\": \"b\"}", "another in the body");
    assertThat(book("PUT /shelves/1/books?book.title=a", "{\"title\": \"a\"}").getBook().getTitle())
        .isEqualTo("a");
  }

  @Test
  void aPathThatIsNoValueIsRefused() {
    assertRefused("PATCH /shelves/456/books/abc", "{}", "book.id is not a whole number");
    assertRefused("PATCH /shelves/456/books/abc", "", "book.id is not a whole number");
  }

  @Test
  void anUnknownFieldOfTheBodyIsRefused() {
    assertRefused("POST /v1/notes", "{\"titel\": \"x\"}", "titel");
    assertRefused("PUT /shelves/1/books", "{\"book\": {}}", "book.book");
  }

  @Test
  void aBodyWhereNoneBelongsIsRefused() throws InvalidProtocolBufferException {
    assertRefused("GET /v1/notes/5", "{\"view\": 1}", "view");
    assertThat(GetNoteRequest.parseFrom(bind("GET /v1/notes/5", "{}")).getNoteId()).isEqualTo("5");
  }

  @Test
  void literalRoutesHaveDefaults() throws InvalidProtocolBufferException {
    assertThat(GetNoteRequest.parseFrom(bind("GET /notes/5", "")).getView())
        .isEqualTo(View.VIEW_FULL);
    assertThat(GetNoteRequest.parseFrom(bind("GET /notes/5?view=VIEW_BASIC", "")).getView())
        .isEqualTo(View.VIEW_BASIC);
    assertThat(GetNoteRequest.parseFrom(bind("GET /notes/5?view=0", "")).getView())
        .isEqualTo(View.VIEW_UNSPECIFIED);
    assertThat(GetNoteRequest.parseFrom(bind("GET /v1/notes/5", "")).getView())
        .isEqualTo(View.VIEW_UNSPECIFIED);
  }

  @Test
  void headersBecomeFields() throws InvalidProtocolBufferException {
    assertThat(
            CreateNoteRequest.parseFrom(bind("POST /v1/notes", "{}", null, "r-1")).getRequestId())
        .isEqualTo("r-1");
    var delete = DeleteNoteRequest.parseFrom(bind("DELETE /v1/notes/5", "", "\"v1\"", "r-2"));
    assertThat(delete.getEtag()).isEqualTo("v1");
    assertThat(delete.getRequestId()).isEqualTo("r-2");
    var update =
        UpdateNoteRequest.parseFrom(
            bind("PATCH /v1/notes/5", "{\"title\": \"x\"}", "W/\"v2\"", null));
    assertThat(update.getNote().getEtag()).isEqualTo("v2");
    assertThat(update.getUpdateMask().getPathsList()).containsExactly("title");
  }

  @Test
  void aHeaderThatContradictsTheBodyIsRefused() {
    assertThatThrownBy(() -> bind("POST /v1/notes", "{\"request_id\": \"a\"}", null, "b"))
        .hasMessageContaining("Idempotency-Key")
        .hasMessageContaining("request_id");
    assertThatThrownBy(() -> bind("PATCH /v1/notes/5", "{\"etag\": \"a\"}", "\"b\"", null))
        .hasMessageContaining("If-Match")
        .hasMessageContaining("note.etag");
  }

  @Test
  void ifMatchThatCannotBeHeededIsRefused() throws InvalidProtocolBufferException {
    assertThatThrownBy(() -> bind("POST /v1/notes", "{}", "\"v1\"", null))
        .hasMessageContaining("If-Match");
    assertThatThrownBy(() -> bind("DELETE /v1/notes/5", "", "\"v1\", \"v2\"", null))
        .hasMessageContaining("If-Match");
    assertThat(DeleteNoteRequest.parseFrom(bind("DELETE /v1/notes/5", "", "*", null)).getEtag())
        .isEmpty();
    assertThat(GetNoteRequest.parseFrom(bind("GET /v1/notes/5", "", "\"v1\"", null)).getNoteId())
        .isEqualTo("5");
  }

  @Test
  void aPatchWithoutMaskChangesWhatItNames() {
    var request =
        update(
            "PATCH /v1/notes/5",
            """
            {"id": "5", "etag": "v1", "title": "", "labels": ["a"], "metadata": {"k": "v"},
             "place": {"name": "here", "point": {"latitude": 0}, "checked_by": "me"},
             "created_at": "2026-01-01T00:00:00Z", "dueAt": null, "reads": 7, "weight": 0}
            """);

    assertThat(request.getUpdateMask().getPathsList())
        .containsExactly(
            "due_at",
            "labels",
            "metadata",
            "place.name",
            "place.point.latitude",
            "title",
            "weight");
    assertThat(request.getNote().getId()).isEqualTo("5");
  }

  @Test
  void aPatchWithAMaskKeepsIt() {
    assertThat(
            update("PATCH /v1/notes/5?update_mask=title,dueAt", "{\"text\": \"x\"}")
                .getUpdateMask()
                .getPathsList())
        .containsExactly("title", "due_at");
  }

  @Test
  void aPatchOfNothingHasNoMask() {
    assertThat(update("PATCH /v1/notes/5", "{}").hasUpdateMask()).isFalse();
    assertThat(update("PATCH /v1/notes/5", "{\"id\": \"5\"}").hasUpdateMask()).isFalse();
    assertThat(update("PATCH /v1/notes/5", "{\"place\": {}}").getUpdateMask().getPathsList())
        .containsExactly("place");
  }

  @Test
  void aRequestThatHasNoMaskGetsNone() {
    assertThat(book("PATCH /shelves/456/books/123", "{\"title\": \"x\"}").getBook().getTitle())
        .isEqualTo("x");
  }

  @Test
  void anEmptyBodyIsAnEmptyMessage() {
    assertThat(shelf("POST /shelf", "")).isEqualTo(Shelf.getDefaultInstance());
    assertThat(shelf("POST /shelf/1", "").getId()).isEqualTo(1);
  }
}
