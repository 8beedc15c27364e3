/// The price book as it is stored: listed, written, imported, and loaded with what comes with the
/// suite.
package dev.agentserver.agentrun.price.book;
