package dev.agentserver.e2e.streams;

import java.util.Random;

/// Text of the kinds that break when somebody counts bytes or UTF-16 units, or takes text for
/// framing.
final class Prose {
  private static final String[] WORDS = {
    "answer ",
    "Grüße, ",
    "世界很大，我们走吧。",
    "流式传输",
    "e\u0301a\u0308o\u0302\u0323 ",
    "👩🏽‍🚀",
    "👨‍👩‍👧‍👦 ",
    "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    "🇪🇺",
    "한국어 ",
    "ᄒ\u1161\u11ab",
    "ไทย",
    "नमस्ते ",
    "\u202eשלום\u202c ",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 ",
    "\"\\/\b\f\t",
    "\r\n",
    "\n\nid: 7\nevent: end\ndata: {}\n\n",
    "\u2028\u2029",
    "\u0001\u007f\ufeff\ufffd",
    "</script><!--",
    "\u0000",
  };

  private Prose() {}

  /// So many code points.
  static String of(Random random, int length) {
    var text = new StringBuilder();
    for (var left = length; left > 0; ) {
      var word = WORDS[random.nextInt(WORDS.length)];
      var points = word.codePointCount(0, word.length());
      text.append(points <= left ? word : word.substring(0, word.offsetByCodePoints(0, left)));
      left -= points;
    }
    return text.toString();
  }
}
