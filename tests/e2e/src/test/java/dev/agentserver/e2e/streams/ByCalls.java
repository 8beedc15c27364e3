package dev.agentserver.e2e.streams;

/// Writes by AppendMessage: one call after the other.
record ByCalls(int piecesAtOnce) implements Author.Way {
  @Override
  public String write(Author author) {
    var manuscript = author.manuscript();
    while (manuscript.stored() < manuscript.length()) {
      var count = 1 + author.random().nextInt(piecesAtOnce);
      var append = author.append().addAllDeltas(manuscript.pieces(manuscript.stored(), count));
      manuscript.stored(author.streams().appendMessage(append.build()).getPartLengthsList());
    }
    return author.streams().completeMessage(author.complete().build()).getContent();
  }
}
