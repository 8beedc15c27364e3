package dev.agentserver.agentrun.price.imports;

/// Something about a file of prices that whoever imports it should know.
///
/// @param model whose price it is about
/// @param rejected whether the price was left out for it
public record Issue(Code code, String model, boolean rejected, String message) {
  /// What it is.
  public enum Code {
    /// More than a tenth of a cent for a token, or another sum that nobody asks.
    ABSURD_PRICE,
    /// Below zero, or no number.
    NOT_A_PRICE,
    /// A price of a kind that is not known here.
    UNKNOWN_UNIT,
    /// The file matches names by a part of them; prices are found by whole names only.
    INEXACT_NAME,
    /// The file says the same thing twice, and differently.
    CONTRADICTION,
    /// The provider caches, and the file has no price for reading; it costs what input costs.
    NO_CACHE_READ_PRICE,
    /// A price that looks as if digits had been lost.
    ROUNDED
  }
}
